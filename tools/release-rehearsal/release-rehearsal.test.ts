import { readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { manifestProblems, publintProblems } from '../package-check/tarball-checks.ts'
import { changelogProblems, sectionOf } from '../release/changelog-problems.ts'
import { allManifests, rangesMeant, rangesOfOurs, releasedAlone, withoutVersion } from './manifests.ts'
import { INSTALLED, noticesOf, Program } from './program.ts'
import { differingFiles, fetchPublished } from './published-files.ts'
import { type Rehearsal, startRehearsal } from './rehearsal.ts'
import { deprecationsOf, tellRegistry } from './registry-notice.ts'
import {
  changelogOf,
  manifestOf,
  manifestText,
  type OurPackage,
  ourPackages,
  type Release,
  release,
  releaseChange,
  setVersion,
  versionsInRegistry,
} from './releases.ts'
import { ACTIVE, DEPRECATED, DISABLED, releaseStage, setStage } from './stages.ts'
import { thirdPartyOf } from './third-party.ts'
import { startUpstreams, type Upstreams } from './upstreams.ts'

/*
 * One story, told in order: each step goes on where the one before it ended, so after a failed one the rest is skipped.
 * Nothing of the checkout is written, and no command can reach another registry.
 */

const packages = ourPackages()
const core = ourPackage('@openmux/core')
const remote = ourPackage('@openmux/provider-hf-remote')

let rehearsal: Rehearsal
let upstreams: Upstreams
let program: Program
/** Versions of the remote provider as they were published. */
const told: string[] = []
let failed = false

beforeAll(async () => {
  rehearsal = await startRehearsal()
  upstreams = await startUpstreams()
  program = new Program(rehearsal, upstreams.environment)
})

afterAll(async () => {
  await upstreams?.close()
  await rehearsal?.close()
})

beforeEach((context) => {
  if (failed) context.skip('a step before it failed')
})

afterEach(({ task }) => {
  // Looking at each package changes nothing: the story goes on also where one is not as it should be.
  if (task.result?.state === 'fail' && task.suite?.name !== 'each package') failed = true
})

describe('the way out', () => {
  it.each([
    ['npm', ['view', 'left-pad', '--registry=https://registry.example.com/', '--fetch-retries=0']],
    ['pnpm', ['view', 'left-pad', '--registry=https://registry.example.com/', '--config.fetch-retries=0']],
    [
      'node',
      ['--eval', "fetch('https://registry.example.com/').then((answer) => process.exit(answer.ok ? 0 : 1))"],
    ],
  ])('is closed for %s', async (command, args) => {
    const before = rehearsal.tripwire.attempts.length
    await expect(rehearsal.run(command, args)).rejects.toThrow('exit code')
    expect(rehearsal.tripwire.attempts.slice(before)).toContain('CONNECT registry.example.com:443')
    rehearsal.tripwire.forget()
  })
})

describe('a first release', () => {
  let done: Release

  it('finds in the registry what users need of others', async () => {
    for (const { folder } of thirdPartyOf(INSTALLED)) {
      await rehearsal.run('npm', ['publish', '--ignore-scripts', '--tag=as-installed', '.'], folder)
    }
    expect(await versionsInRegistry(rehearsal)).toEqual([])
  })

  it('is refused while something is not committed', async () => {
    const file = join(rehearsal.copy, 'left-over.txt')
    writeFileSync(file, 'not in the history')
    await expect(rehearsal.run('node', ['tools/release/publish.ts'])).rejects.toThrow('left-over.txt')
    rmSync(file)
    expect(await versionsInRegistry(rehearsal)).toEqual([])
  })

  it('gives every package a version and changes nothing else in any manifest', async () => {
    const { stage } = lifecycleOfRemote()
    if (stage === 'deprecated' || stage === 'disabled') await setStage(rehearsal, remote, ACTIVE)
    const before = allManifests(rehearsal)
    done = await release(rehearsal, 'Before the first release')
    told.push(versionOfRemote())
    for (const one of packages) {
      expect(manifestOf(rehearsal, one).version, one.name).not.toBe('0.0.0')
      expect(withoutVersion(manifestText(rehearsal, one))).toBe(withoutVersion(before.get(one.name) ?? ''))
    }
  })

  it('publishes every package, and tags it', async () => {
    const expected = packages.map((one) => `${one.name}@${manifestOf(rehearsal, one).version}`).toSorted()
    expect(done.published).toEqual(expected)
    expect((await rehearsal.run('git', ['tag'])).trim().split('\n').toSorted()).toEqual(expected)
  })

  describe('each package', () => {
    it.each(packages)('writes a changelog for the readers of $name', (one) => {
      const changelog = changelogOf(rehearsal, one)
      expect(changelogProblems(one.name, changelog)).toEqual([])
      expect(sectionOf(changelog, manifestOf(rehearsal, one).version)).toBeDefined()
    })

    it.each(packages)('publishes $name fit for users', async (one) => {
      const published = await fetchPublished(rehearsal, one.name, manifestOf(rehearsal, one).version)
      expect(published.files).toContain('CHANGELOG.md')
      expect(manifestProblems(published)).toEqual([])
      expect(rangesOfOurs(published)).toEqual(rangesMeant(rehearsal, one))
      expect(await publintProblems(published)).toEqual([])
    })
  })

  it('installs into a program, which gets its answer from the provider it prefers', async () => {
    const printed = await program.npm('install', ...INSTALLED)
    expect(printed).not.toContain('npm warn deprecated')
    expect(program.origins().filter((url) => !url.startsWith(`${rehearsal.registry.url}/`))).toEqual([])
    const answer = await program.ask()
    expect(answer).toMatchObject({ provider: 'hf-remote', attempts: 1 })
    expect(answer.text).not.toBe('')
    expect(noticesOf(answer)).not.toContain(DEPRECATED.notice)
  })
})

describe('a provider that is deprecated', () => {
  it('is released alone, with its own version, manifest and changelog', async () => {
    await releasedAlone(rehearsal, remote, () => releaseStage(rehearsal, remote, DEPRECATED))
    told.push(versionOfRemote())
    expect(lifecycleOfRemote()).toMatchObject(DEPRECATED)
  })

  it('is another package than before only in its papers and the stage in its code', async () => {
    const [before = '', now = ''] = told.slice(-2)
    const one = await fetchPublished(rehearsal, remote.name, before)
    const other = await fetchPublished(rehearsal, remote.name, now)
    const code = differingFiles(one, other).filter((file) => file.startsWith('dist/') && file.endsWith('.js'))
    expect(code).toHaveLength(1)
    const papers = ['CHANGELOG.md', 'README.md', 'package.json']
    expect(
      differingFiles(one, other)
        .filter((file) => !file.startsWith('dist/'))
        .toSorted(),
    ).toEqual(papers)
  })

  it('says so, and what to use instead, in its changelog, its release notes and its README', async () => {
    expect(changelogProblems(remote.name, changelogOf(rehearsal, remote))).toEqual([])
    const tag = `${remote.name}@${versionOfRemote()}`
    expect(await rehearsal.run('node', ['tools/release/notes.ts', tag])).toContain(DEPRECATED.notice)
    const { folder } = await fetchPublished(rehearsal, remote.name, versionOfRemote())
    expect(readFileSync(join(folder, 'README.md'), 'utf8')).toContain(DEPRECATED.notice)
  })

  it('is deprecated in the registry by the line that is printed for it', async () => {
    const line = await tellRegistry(rehearsal)
    expect(line).toContain(`${remote.name}@<=${versionOfRemote()}`)
    expect(sectionOf(changelogOf(rehearsal, remote), versionOfRemote())).toContain(line)
    const deprecations = await deprecationsOf(rehearsal, remote)
    expect(Object.keys(deprecations)).toEqual(told)
    for (const text of Object.values(deprecations)) expect(text).toContain(DEPRECATED.notice)
  })

  it('tells whoever updates, at the install and at the run, and goes on answering', async () => {
    const printed = await program.npm('update', remote.name)
    expect(printed).toContain(`npm warn deprecated ${remote.name}@${versionOfRemote()}`)
    expect(printed).toContain(DEPRECATED.notice)
    expect(program.versionOf(remote.name)).toBe(versionOfRemote())
    const answer = await program.ask()
    expect(answer.provider).toBe('hf-remote')
    expect(noticesOf(answer)).toContain(DEPRECATED.notice)
  })
})

describe('a provider that is disabled', () => {
  it('is released alone', async () => {
    await releasedAlone(rehearsal, remote, () => releaseStage(rehearsal, remote, DISABLED))
    told.push(versionOfRemote())
    await tellRegistry(rehearsal)
    expect(Object.values(await deprecationsOf(rehearsal, remote))).toEqual(
      told.map(() => expect.stringContaining(DISABLED.reason)),
    )
  })

  it('costs a program that updates no attempt: another provider answers, and the decision says why', async () => {
    const printed = await program.npm('update', remote.name)
    expect(printed).toContain(`npm warn deprecated ${remote.name}@${versionOfRemote()}`)
    const answer = await program.ask()
    expect(answer).toMatchObject({ provider: 'ollama', attempts: 1 })
    const cut = answer.decision.candidates.find(({ provider }) => provider === 'hf-remote')
    expect(cut).toMatchObject({ verdict: 'cut', code: 'provider-disabled' })
    expect(cut?.reasons.join(' ')).toContain(DISABLED.reason.replace('.', ''))
    expect(cut?.remedies?.join(' ')).toContain(DISABLED.replacement)
  })
})

describe('a provider that comes back', () => {
  it('is released alone, as the next version, which the registry says nothing against', async () => {
    await releasedAlone(rehearsal, remote, () => releaseStage(rehearsal, remote, ACTIVE))
    told.push(versionOfRemote())
    expect(lifecycleOfRemote()).toEqual({ stage: 'active', since: expect.any(String) })
    expect((await deprecationsOf(rehearsal, remote))[versionOfRemote()]).toBe('')
  })

  it('reads well in its changelog, from the newest stage down', () => {
    const changelog = changelogOf(rehearsal, remote)
    expect(changelogProblems(remote.name, changelog)).toEqual([])
    expect(changelog.match(/^- (Active again|Disabled|Deprecated)/gm)).toEqual([
      '- Active again',
      '- Disabled',
      '- Deprecated',
    ])
  })

  it('answers again in a program that updates, without a warning', async () => {
    expect(await program.npm('update', remote.name)).not.toContain('npm warn deprecated')
    const answer = await program.ask()
    expect(answer).toMatchObject({ provider: 'hf-remote', attempts: 1 })
    expect(noticesOf(answer)).not.toContain(DEPRECATED.notice)
  })

  it('can be cleared of what was said of its older versions', async () => {
    await tellRegistry(rehearsal, '--clear', remote.name)
    expect(await deprecationsOf(rehearsal, remote)).toEqual(
      Object.fromEntries(told.map((version) => [version, ''])),
    )
  })
})

describe('a new core', () => {
  it('with a patch is released alone', async () => {
    await releasedAlone(rehearsal, core, () =>
      releaseChange(rehearsal, { [core.name]: 'patch' }, 'A fault less.'),
    )
  })

  it('is brought along where a provider, released alone, asks for it', async () => {
    await releasedAlone(rehearsal, remote, () =>
      releaseChange(rehearsal, { [remote.name]: 'patch' }, 'A fault less.'),
    )
    expect(program.versionOf(core.name)).not.toBe(manifestOf(rehearsal, core).version)
    await program.npm('update', remote.name)
    expect(program.versionOf(remote.name)).toBe(versionOfRemote())
    expect(program.versionOf(core.name)).toBe(manifestOf(rehearsal, core).version)
    expect(await program.ask()).toMatchObject({ provider: 'hf-remote' })
  })

  it('with a new minor costs other packages a patch at most, which says what it needs', async () => {
    const before = new Map(packages.map((one) => [one.name, manifestOf(rehearsal, one).version]))
    const { published } = await releaseChange(rehearsal, { [core.name]: 'minor' }, 'Something new.')
    for (const one of packages.filter(({ name }) => name !== core.name)) {
      const [was = '', is] = [before.get(one.name), manifestOf(rehearsal, one).version]
      expect([was, patchOf(was)], one.name).toContain(is)
      expect(changelogProblems(one.name, changelogOf(rehearsal, one))).toEqual([])
    }
    const needs = `Needs \`${core.name}\` ${manifestOf(rehearsal, core).version}.`
    expect(sectionOf(changelogOf(rehearsal, remote), versionOfRemote())).toBe(
      `### Patch Changes\n\n- ${needs}`,
    )
    expect(published).toContain(`${core.name}@${manifestOf(rehearsal, core).version}`)
    await program.npm('install', ...INSTALLED.map((name) => `${name}@latest`))
    expect(await program.ask()).toMatchObject({ provider: 'hf-remote' })
  })

  it('with a new minor from 1.0.0 on leaves every other package as it is', async () => {
    for (const one of packages) setVersion(rehearsal, one, '1.0.0')
    await release(rehearsal, 'Everything is stable')
    await releasedAlone(rehearsal, core, () =>
      releaseChange(rehearsal, { [core.name]: 'minor' }, 'Something new.'),
    )
  })
})

describe('the whole rehearsal', () => {
  it('asked nobody but the registry on loopback', () => {
    expect(rehearsal.tripwire.attempts).toEqual([])
  })
})

function ourPackage(name: string): OurPackage {
  const one = packages.find((candidate) => candidate.name === name)
  if (one === undefined) throw new Error(`this workspace does not publish ${name}`)
  return one
}

function versionOfRemote(): string {
  return manifestOf(rehearsal, remote).version
}

function lifecycleOfRemote(): Readonly<Record<string, unknown>> {
  return manifestOf(rehearsal, remote).openmux?.lifecycle ?? {}
}

function patchOf(version: string): string {
  return version.replace(/\d+$/, (patch) => String(Number(patch) + 1))
}

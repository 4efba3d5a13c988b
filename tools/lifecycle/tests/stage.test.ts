import { spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { checkedPackages } from '../check-manifests.ts'
import { stageChangeset, withLifecycle } from '../stage-change.ts'

const TOOLS = join(import.meta.dirname, '..')
const DEPRECATED = {
  stage: 'deprecated',
  since: '2026-12-01',
  reason: 'The service goes away.',
  replacement: '@openmux/provider-y',
  notice: 'It will not answer from spring on.',
  nextReview: '2027-01-15',
} as const

describe('another stage', () => {
  it.each(checkedPackages().map((one) => [one.manifest.name, one] as const))(
    'changes nothing else in the manifest of %s',
    (_name, { path, openmux }) => {
      const text = readFileSync(join(path, 'package.json'), 'utf8')
      expect(withLifecycle(text, openmux.lifecycle)).toBe(text)
      const { openmux: after, ...others } = JSON.parse(withLifecycle(text, DEPRECATED)) as Record<
        string,
        unknown
      >
      const { openmux: _before, ...same } = JSON.parse(text) as Record<string, unknown>
      expect(others).toEqual(same)
      expect(after).toEqual({ provider: openmux.provider, lifecycle: DEPRECATED })
    },
  )

  it('tells the reader of the release notes what happened and what to do', () => {
    const active = { stage: 'active', since: '2026-11-23' } as const
    expect(stageChangeset('@openmux/provider-x', active, DEPRECATED, 'minor')).toBe(
      "---\n'@openmux/provider-x': minor\n---\n\nDeprecated since 2026-12-01. The service goes away. It will not answer from spring on. Use @openmux/provider-y instead. To be looked at again on 2027-01-15.\n",
    )
    expect(
      stageChangeset('@openmux/provider-x', DEPRECATED, { ...active, since: '2027-01-15' }, 'patch'),
    ).toBe(
      "---\n'@openmux/provider-x': patch\n---\n\nActive again since 2027-01-15. It was deprecated since 2026-12-01: The service goes away.\n",
    )
  })
})

describe('the commands', () => {
  const run = (...args: readonly string[]) =>
    spawnSync(process.execPath, args, { cwd: TOOLS, encoding: 'utf8' })

  it.each([
    [
      'an unknown package',
      ['provider-hf', 'active'],
      'There is no provider package "provider-hf". There are: ',
    ],
    ['an unknown stage', ['hf-remote', 'broken'], 'lifecycle.stage: '],
    ['a deprecation without words', ['hf-remote', 'deprecated'], 'lifecycle.notice: '],
    ['an unknown option', ['hf-remote', 'active', '--because', 'x'], '--because'],
    ['an unknown bump', ['hf-remote', 'active', '--bump', 'huge'], '--bump must be one of'],
    ['a day in the future', ['hf-remote', 'active', '--since', '2999-01-01'], 'is yet to come'],
  ])('refuse %s and write nothing', (_what, args, says) => {
    const before = readFileSync(join(TOOLS, '../../packages/provider-hf-remote/package.json'), 'utf8')
    const { status, stdout, stderr } = run('stage.ts', ...args)
    expect(stderr).toContain(says)
    expect(stdout).toBe('')
    expect(status).toBe(1)
    expect(readFileSync(join(TOOLS, '../../packages/provider-hf-remote/package.json'), 'utf8')).toBe(before)
  })

  it('check the manifests of this repository', () => {
    const { status, stdout, stderr } = run('check.ts')
    expect(stderr).toBe('')
    expect(stdout).toContain('manifests are as they should be')
    expect(status).toBe(0)
  })

  it('print the line that takes a deprecation back only once it is taken back', () => {
    const healthy = checkedPackages().find(({ openmux }) => openmux.lifecycle.stage === 'active')
    expect(run('deprecate.ts', '--clear', healthy?.folder ?? '').stdout).toMatch(
      /^npm deprecate '@openmux\/\S+@<=\S+' ''\n$/,
    )
  })
})

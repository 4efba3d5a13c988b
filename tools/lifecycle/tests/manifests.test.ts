import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { build } from 'esbuild'
import { describe, expect, it } from 'vitest'
import { calendar } from '../calendar.ts'
import { checkedPackages, checkManifests } from '../check-manifests.ts'
import { BUILT, factsOf, presetsWithLifecycle } from '../facts.ts'
import { complaints, lifecycleSchema, manifestSchema } from '../manifest.ts'
import { review } from '../reviews.ts'
import { workspaceWith } from './support/workspace.ts'

const ACTIVE = { stage: 'active', since: '2026-11-23' }
const DEPRECATED = {
  stage: 'deprecated',
  since: '2026-11-23',
  reason: 'The service goes away.',
  replacement: '@openmux/provider-other',
  notice: 'Move to the other one.',
  nextReview: '2026-12-14',
}
const CALENDAR = { today: '2026-11-23', asOf: '2026-11-23' }

describe('the schema of a lifecycle', () => {
  it.each([
    ['active, with nothing to say', ACTIVE],
    ['deprecated, with everything', DEPRECATED],
    ['disabled, without a notice', without({ ...DEPRECATED, stage: 'disabled' }, 'notice')],
    ['experimental', without({ ...DEPRECATED, stage: 'experimental' }, 'notice', 'replacement')],
  ])('takes one that is %s', (_what, lifecycle) => {
    expect(complaints(lifecycleSchema, lifecycle, 'lifecycle')).toEqual([])
  })

  it.each([
    ['an unknown stage', { ...ACTIVE, stage: 'retired' }, 'stage'],
    ['no stage', { since: '2026-11-23' }, 'stage'],
    ['a day that the calendar does not have', { ...ACTIVE, since: '2026-02-30' }, 'since'],
    ['a day with a time', { ...ACTIVE, since: '2026-11-23T00:00:00Z' }, 'since'],
    ['days in the wrong order', { ...DEPRECATED, nextReview: '2026-11-22' }, 'nextReview'],
    ['a look on the day itself', { ...DEPRECATED, nextReview: '2026-11-23' }, 'nextReview'],
    ['no reason', without(DEPRECATED, 'reason'), 'reason'],
    ['a reason of blanks', { ...DEPRECATED, reason: '  ' }, 'reason'],
    ['a reason that is no sentence', { ...DEPRECATED, reason: 'gone' }, 'reason'],
    ['a reason of two lines', { ...DEPRECATED, reason: 'It\nis gone.' }, 'reason'],
    ['a table cell in the reason', { ...DEPRECATED, reason: 'It | is gone.' }, 'reason'],
    ['no replacement', without(DEPRECATED, 'replacement'), 'replacement'],
    ['no notice', without(DEPRECATED, 'notice'), 'notice'],
    ['no next look', without(DEPRECATED, 'nextReview'), 'nextReview'],
    [
      'disabled without a next look',
      without({ ...DEPRECATED, stage: 'disabled' }, 'nextReview'),
      'nextReview',
    ],
    [
      'experimental without a reason',
      { ...ACTIVE, stage: 'experimental', nextReview: '2026-12-14' },
      'reason',
    ],
    ['active with a notice left over', { ...ACTIVE, notice: 'Goes away.' }, 'notice'],
    ['active with a reason left over', { ...ACTIVE, reason: 'It was down.' }, 'reason'],
    ['a field nobody knows', { ...ACTIVE, until: '2027-01-01' }, ''],
  ])('refuses %s, by the name of the field', (_what, lifecycle, field) => {
    const found = complaints(lifecycleSchema, lifecycle, 'lifecycle')
    expect(found).not.toEqual([])
    expect(found.join('\n')).toContain(field === '' ? 'until' : `lifecycle.${field}: `)
  })

  it('refuses a manifest without a provider', () => {
    expect(complaints(manifestSchema, { lifecycle: ACTIVE }, 'openmux').join()).toContain(
      'openmux.provider: ',
    )
  })
})

describe('the manifests of a workspace', () => {
  const other = { provider: 'other', lifecycle: ACTIVE }

  it('must be there for every provider package', () => {
    using folder = workspaceWith({ 'provider-a': undefined, core: undefined })
    expect(checkManifests(CALENDAR, folder.path).failures).toEqual([
      'packages/provider-a/package.json: openmux is missing: its provider and lifecycle',
    ])
  })

  it('name the provider of their folder', () => {
    using folder = workspaceWith({ 'provider-a': other })
    expect(checkManifests(CALENDAR, folder.path).failures).toEqual([
      'packages/provider-a/package.json: openmux.provider: must be a, as its folder',
    ])
  })

  it.each([
    ['nobody has', '@openmux/provider-gone', 'there is no package @openmux/provider-gone'],
    ['is the package itself', '@openmux/provider-a', 'names the package itself'],
    ['is disabled itself', '@openmux/provider-b', '@openmux/provider-b is disabled itself'],
  ])('refuse a replacement that %s', (_what, replacement, complaint) => {
    using folder = workspaceWith({
      'provider-a': { provider: 'a', lifecycle: { ...DEPRECATED, replacement } },
      'provider-b': { provider: 'b', lifecycle: { ...DEPRECATED, stage: 'disabled' } },
      'provider-other': other,
    })
    expect(checkManifests(CALENDAR, folder.path).failures).toEqual([
      `packages/provider-a/package.json: openmux.lifecycle.replacement: ${complaint}`,
    ])
  })
})

describe('the manifests of this repository', () => {
  const packages = checkedPackages()

  it('are as they must be', async () => {
    expect(packages.length).toBeGreaterThanOrEqual(5)
    expect(checkManifests(await calendar()).failures).toEqual([])
  })

  it.each(packages.map((one) => [one.manifest.name, one] as const))(
    '%s: what is built says what the manifest says, and holds nothing else of it',
    async (name, { path, openmux }) => {
      expect(BUILT[openmux.provider]?.lifecycle).toEqual(openmux.lifecycle)
      const { provider } = await factsOf(openmux.provider)
      expect(provider.lifecycle).toEqual(openmux.lifecycle)
      const dist = readFileSync(join(path, 'dist', 'index.js'), 'utf8')
      expect(dist).not.toMatch(/publishConfig|peerDependencies/)
      // A program for a browser that asks for nothing else gets nothing else, and needs no file.
      const { outputFiles } = await build({
        stdin: {
          contents: `export { LIFECYCLE } from ${JSON.stringify(name)}`,
          resolveDir: import.meta.dirname,
        },
        bundle: true,
        format: 'esm',
        platform: 'browser',
        external: ['node:*', 'undici', '@openmux/*', '@huggingface/*', 'fs', 'path'].filter(
          (one) => one !== name,
        ),
        alias: { [name]: join(path, 'dist', 'index.js') },
        write: false,
        logLevel: 'silent',
      })
      const bundled = outputFiles[0]?.text ?? ''
      expect(bundled).toContain(openmux.lifecycle.since)
      expect(bundled).not.toContain('package.json')
    },
  )

  it('of presets keep to the same rules', async () => {
    const known = await calendar()
    const presets = presetsWithLifecycle()
    expect(presets.map(({ id }) => id)).toContain('github-models')
    for (const { id, lifecycle } of presets) {
      expect(complaints(lifecycleSchema, lifecycle, id)).toEqual([])
      expect(review(id, lifecycle, known).failures).toEqual([])
    }
  })
})

function without(value: object, ...fields: readonly string[]): object {
  return Object.fromEntries(Object.entries(value).filter(([field]) => !fields.includes(field)))
}

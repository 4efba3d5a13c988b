import type { Lifecycle } from '@openmux/core'
import { scriptedProvider } from '@openmux/testkit'
import { describe, expect, test } from 'vitest'
import { PROVIDERS } from '../src/providers/registry.js'
import { homeWith, hostedWorld, KEYS, realOutcome } from './support/hosted-world.js'
import { outcome } from './support/run-in-process.js'

const DEPRECATED: Lifecycle = {
  stage: 'deprecated',
  since: '2026-11-01',
  reason: 'The service closes on 1 February.',
  replacement: '@openmux/provider-ollama',
}

describe('a deprecated provider', () => {
  const old = (lifecycle: Lifecycle) => scriptedProvider({ id: 'old', lifecycle })

  test('says so in one line of standard error, and answers', async () => {
    const result = await outcome(['hi'], { providers: [old(DEPRECATED)] })
    expect(result.code).toBe(0)
    expect(result.err).toBe(
      'note: old is deprecated since 2026-11-01: The service closes on 1 February. Use @openmux/provider-ollama instead.\n',
    )
    expect(result.out).not.toContain('deprecated')
  })

  test('uses the words of its package, once in a chat', async () => {
    const notice = 'old goes away in February; ollama can do the same.'
    const providers = [old({ ...DEPRECATED, notice })]
    const result = await outcome(['chat'], { providers, stdin: 'one\ntwo\nthree\n' })
    expect(result.err.split(notice)).toHaveLength(2)
    expect(result.err.trim()).toBe(`note: ${notice}`)
  })

  test('also for vectors and as JSON, which stays one object', async () => {
    const providers = [scriptedProvider({ id: 'old', embeds: true, lifecycle: DEPRECATED })]
    expect((await outcome(['embed', 'a'], { providers })).err).toContain('old is deprecated')
    const json = await outcome(['hi', '--json'], { providers })
    expect(JSON.parse(json.out)).toMatchObject({ provider: 'old' })
    expect(json.err).toContain('old is deprecated')
  })
})

describe('a disabled provider', () => {
  const disabled: Lifecycle = {
    stage: 'disabled',
    since: '2025-11-10',
    reason: 'answers 410',
    replacement: '@openmux/provider-ollama',
    nextReview: '2026-02-01',
  }

  test('is not asked; the list and the error tell why, what instead, and how to force it on', async () => {
    const { addresses, servers } = await hostedWorld()
    const providers = { 'github-models': { ...addresses.mine, apiKey: KEYS.own } }
    const home = homeWith({ providers })
    const listed = await realOutcome(['providers'], { home })
    expect(listed.out).toMatch(
      /○ github-models {2}disabled {2}GitHub Models\n {4}→ Use another preset .+\n {4}→ Force it on with --force-enabled github-models/,
    )
    expect(listed.out).toMatch(/disabled since 2026-07-30: GitHub retired .+; next look 2027-02-01/)
    const refused = await realOutcome(['hi', '-p', 'github-models'], { home })
    expect(refused.code).toBe(3)
    expect(refused.err).toContain('(provider-disabled)')
    expect(refused.err).toContain('another preset with free use')
    expect(servers.own.requests()).toEqual([])
  })

  test.each([
    ['by option', ['--force-enabled', 'GitHub Models'], {}, {}],
    ['by environment', [], { OPENMUX_FORCE_ENABLED: 'hf-remote, github-models' }, {}],
    ['by configuration', [], {}, { forceEnabled: ['github-models'] }],
  ] as const)('answers when it is forced on %s', async (_title, flags, env, configuration) => {
    const { addresses } = await hostedWorld()
    const models = ['double-chat']
    const home = homeWith({
      ...configuration,
      providers: { 'github-models': { ...addresses.mine, models, apiKey: KEYS.own } },
    })
    const result = await realOutcome(['hi', '-p', 'github-models', ...flags], { home, env })
    expect(result.err).toMatch(/^note: github-models was forced on; it is disabled since 2026-07-30: .+\n$/)
    expect(result).toMatchObject({ code: 0, out: 'You said: hi\n' })
    expect((await realOutcome(['providers', ...flags], { home, env })).out).toContain('; forced on')
  })

  test('a name nobody has cannot be forced on', async () => {
    const result = await realOutcome(['hi', '--force-enabled', 'hf-remoot'])
    expect(result.code).toBe(2)
    expect(result.err).toContain('Did you mean hf-remote?')
    expect(result.err).toContain('error --force-enabled names a provider that does not exist')
    const home = homeWith({})
    const byVariable = await realOutcome(['hi'], { home, env: { OPENMUX_FORCE_ENABLED: 'hf-remoot' } })
    expect(byVariable.err).toContain('error OPENMUX_FORCE_ENABLED names a provider that does not exist')
  })

  test('a replacement that is the name of a package reads as a sentence', async () => {
    const result = await outcome(['hi', '-p', 'old'], {
      providers: [scriptedProvider({ id: 'old', lifecycle: disabled }), scriptedProvider({ id: 'new' })],
    })
    expect(result.code).toBe(3)
    expect(result.err).toContain('old: Use @openmux/provider-ollama instead.')
    expect(result.err).toContain('old: Force it on with --force-enabled old')
  })
})

test.each(PROVIDERS)('what stands in for $id is called as the package calls itself', async (entry) => {
  const provider = await entry.load({ options: {}, env: {}, offline: false, stayLocal: false })
  const { id, name, aliases, locality, tasks, lifecycle } = provider
  expect({ id, name, aliases: aliases ?? [], locality, tasks }).toEqual({
    id: entry.id,
    name: entry.name,
    aliases: entry.aliases ?? [],
    locality: entry.locality,
    tasks: entry.tasks,
  })
  expect(lifecycle).toEqual(entry.lifecycle)
  await provider.close()
})

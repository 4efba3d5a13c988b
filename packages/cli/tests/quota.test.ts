import { failWith, scriptedProvider, withFaults } from '@openmux/testkit'
import { expect, test } from 'vitest'
import { homeWith, hostedWorld, KEYS, NOBODY, realOutcome } from './support/hosted-world.js'
import { emptyFolder, outcome } from './support/run-in-process.js'

const limited = (until: number) =>
  withFaults(
    scriptedProvider({ id: 'far', locality: 'remote' }),
    failWith({ code: 'rate-limit', scope: 'account', until }),
  )

test('nothing known is said, with what to do', async () => {
  const result = await outcome(['quota'], { providers: [scriptedProvider()] })
  expect(result).toMatchObject({ code: 0, err: '' })
  expect(result.out).toBe(
    'No limit is known, and nothing is left alone. `openmux quota --ask` asks the services.\n',
  )
})

test('what the service says is shown: left, of how many, until when; and who would serve for nothing', async () => {
  const { addresses } = await hostedWorld()
  const home = homeWith({
    order: ['openrouter'],
    providers: { openrouter: { ...addresses.openrouter, apiKey: KEYS.openrouter } },
  })
  const { out, code } = await realOutcome(['quota', '--ask'], { home })
  expect(code).toBe(0)
  expect(out).toMatch(/openrouter free-day +37 of 50 requests +in .+ now$/m)
  expect(out).toMatch(/The next free request: now, by openrouter\/.+:free\./)
  const json = JSON.parse((await realOutcome(['quota', '--json'], { home })).out) as {
    now: number
    allowances: readonly object[]
  }
  // Learned by the run before, without asking again.
  expect(json.allowances).toContainEqual(
    expect.objectContaining({ provider: 'openrouter', rule: 'free-day', remaining: 37, limit: 50 }),
  )
  expect(json.now).toBeGreaterThan(1.7e12)
})

test('a limit met in one run is known in the next, which asks somebody else at once', async () => {
  const home = emptyFolder()
  const far = limited(Date.now() + 600_000)
  const near = scriptedProvider({ id: 'near', chats: [['near'], ['near']] })
  const first = await outcome(['hi'], { home, providers: [far, near] })
  expect(first.err).toMatch(/^far\/scripted-chat: .*\(rate-limit\) → trying near\/scripted-chat\n$/)
  const second = await outcome(['hi'], { home, providers: [far, near] })
  expect(second).toMatchObject({ code: 0, out: 'near\n', err: '' })
  const { out } = await outcome(['quota'], { home, providers: [far, near] })
  expect(out).toMatch(/Left alone:\n {2}far \(account\): rate-limit, asked again in (9|10) min/)
})

test('when only a limited one is left, the answer is when', async () => {
  const home = emptyFolder()
  const far = limited(Date.now() + 600_000)
  await outcome(['hi'], { home, providers: [far] })
  const again = await outcome(['hi'], { home, providers: [far] })
  expect(again.code).toBe(4)
  expect(again.err).toMatch(/It may be served again in (9|10) min\./)
  expect((await outcome(['quota', '--ask'], { home, providers: [far] })).out).toMatch(/in (9|10) min/)
})

test('--forget drops what was learned of one provider', async () => {
  const home = emptyFolder()
  const far = limited(Date.now() + 600_000)
  await outcome(['hi'], { home, providers: [far] })
  const result = await outcome(['quota', '--forget', 'FAR'], { home, providers: [far] })
  expect(result.err).toBe('forgotten: far\n')
  expect(result.out).not.toContain('Left alone')
})

test('--forget where nothing is kept says so', async () => {
  const result = await outcome(['quota', '--forget', 'far', '--no-state'], {
    providers: [limited(Date.now() + 1_000)],
  })
  expect(result.code).toBe(2)
  expect(result.err).toContain('Leave out --no-state')
})

test('a name that nobody has is told', async () => {
  const result = await realOutcome(['quota', 'opnrouter'], { env: { OLLAMA_HOST: NOBODY } })
  expect(result.code).toBe(2)
  expect(result.err).toContain('Did you mean openrouter?')
})

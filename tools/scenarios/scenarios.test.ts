import { isOpenMuxError, type OpenMux } from '@openmux/core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { MORE_SCENARIOS, type Outcome, type Scenario, SCENARIOS } from './catalogue.ts'
import { engineOver } from './engine.ts'
import { fastClock, pause } from './fast-clock.ts'
import { TEXT, Wall } from './wall.ts'

/** The published profile of the catalogue, ten times as fast, the engine's own limits with it. */
const clock = fastClock(Number(process.env['SCENARIO_SPEED'] ?? 10))
const wall = new Wall(clock)
let baseURL: string

beforeAll(async () => {
  baseURL = await wall.listen()
})
afterAll(() => wall.close())

describe.each([
  ['streamed', true],
  ['plain', false],
] as const)('the public failure scenarios, %s', (_how, streamed) => {
  it.each(
    [...SCENARIOS, ...MORE_SCENARIOS].map((scenario) => [scenario.id, scenario.title, scenario] as const),
  )('%s: %s', async (_id, _title, scenario) => {
    wall.reset()
    const models = [scenario.primary, scenario.fallback ?? 'fb-ok']
    await using openmux = engineOver(baseURL, clock, models)
    const outcome = await play(openmux, scenario, streamed)
    expect(outcome.durationMs).toBeLessThanOrEqual(scenario.limitMs)
    if (scenario.refuses === true) expect(outcome.code).toBeDefined()
    else expect(outcome).toMatchObject({ text: TEXT })
    for (const [sentence, holds] of scenario.checks) expect(holds(outcome), sentence).toBe(true)
    // Alive: a plain request right after.
    expect((await openmux.chat({ prompt: 'Hi', model: 'wall/fb-ok' })).text).toBe(TEXT)
  })

  it('S15: a primary that is down for a minute, twenty requests, one every four seconds', async () => {
    wall.reset()
    await using openmux = engineOver(baseURL, clock, ['fb-s15', 'fb-ok'])
    const started = clock.now()
    const answered: { readonly at: number; readonly model: string; readonly durationMs: number }[] = []
    for (let request = 0; request < 20; request += 1) {
      const wait = started + request * 4_000 - clock.now()
      if (wait > 0) await pause(clock, wait)
      const at = clock.now() - started
      const result = streamed ? await openmux.stream('Hi').result() : await openmux.chat('Hi')
      expect(result.text).toBe(TEXT)
      answered.push({ at, model: result.model, durationMs: result.durationMs })
    }
    expect(Math.max(...answered.map(({ durationMs }) => durationMs))).toBeLessThan(30_000)
    const recovered = answered.find(({ model, at }) => at >= 60_000 && model === 'fb-s15')
    expect(recovered?.at).toBeLessThanOrEqual(90_000)
    // Spared while it was down: fewer attempts than requests.
    const during = wall.log.filter(({ model, atMs }) => model === 'fb-s15' && atMs < 60_000)
    expect(during.length).toBeLessThanOrEqual(answered.filter(({ at }) => at < 60_000).length)
  })
})

async function play(openmux: OpenMux, scenario: Scenario, streamed: boolean): Promise<Outcome> {
  const started = clock.now()
  const about = (): Pick<Outcome, 'durationMs' | 'primary' | 'log'> => ({
    durationMs: clock.now() - started,
    log: [...wall.log],
    primary: wall.log.filter(({ model }) => model === scenario.primary),
  })
  try {
    if (!streamed) {
      const { text, model, usage } = await openmux.chat('Hi')
      return { text, model, hasUsage: usage !== undefined && usage.estimated !== true, ...about() }
    }
    const stream = openmux.stream('Hi')
    let text = ''
    for await (const piece of stream.textStream()) text += piece
    const result = await stream.result()
    expect(result.text).toBe(text)
    return { text, model: result.model, hasUsage: result.usage !== undefined, ...about() }
  } catch (error) {
    if (!isOpenMuxError(error)) throw error
    return { code: error.code, hasUsage: false, ...about() }
  }
}

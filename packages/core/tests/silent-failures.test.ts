import { describe, expect, it } from 'vitest'
import { createOpenMux } from '../src/index.js'
import { leakedToolCall } from '../src/run/leaked-tool-call.js'
import { repeatedUnit } from '../src/run/repetition.js'
import { failureOf } from './support/failure.js'
import { answer, scripted, START, type Step, STOP, text } from './support/scripted-provider.js'

const tools = [{ name: 'get_weather', parameters: {} }]
const otherModel: Step[] = [{ type: 'start', model: 'something-else-3b', warnings: [] }, text('Hi'), STOP]

describe('another model than the one asked for', () => {
  it('is told', async () => {
    const result = await createOpenMux({ providers: [scripted('only', { answers: [otherModel] })] }).chat(
      'Hi',
    )
    expect(result.warnings).toMatchObject([{ message: 'model-1 was asked for, something-else-3b answered.' }])
  })

  it('is refused and rerouted where the caller wants that', async () => {
    const providers = [scripted('first', { answers: [otherModel] }), scripted('second')]
    const result = await createOpenMux({ providers }).chat({ prompt: 'Hi', onOtherModel: 'refuse' })
    expect(result.attempts).toMatchObject([
      { provider: 'first', code: 'bad-response' },
      { provider: 'second' },
    ])
  })

  it('is not the same model with a date, a tag or an organisation', async () => {
    for (const name of ['model-1-2026-01-31', 'org/Model-1', 'model-1:free']) {
      const steps: Step[] = [{ type: 'start', model: name, warnings: [] }, text('Hi'), STOP]
      const openmux = createOpenMux({ providers: [scripted('only', { answers: [steps] })] })
      expect((await openmux.chat({ prompt: 'Hi', onOtherModel: 'refuse' })).warnings).toEqual([])
    }
  })
})

describe('a tool call that leaked into the text', () => {
  it.each([
    '<tool_call>\n{"name": "get_weather", "arguments": {"city": "Oslo"}}\n</tool_call>',
    'Sure. <function=get_weather>{"city": "Oslo"}</function>',
    '[TOOL_CALLS] [{"name": "get_weather", "arguments": {}}]',
    '<|python_tag|>{"name": "get_weather", "parameters": {}}',
    '<|python_tag|>get_weather(city="Oslo")',
    '{"name": "get_weather", "arguments": {"city": "Oslo"}}',
    '```json\n{"name": "get_weather", "parameters": {}}\n```',
  ])('is model-fault and rerouted: %s', async (leak) => {
    const providers = [scripted('first', { answers: [answer(leak)] }), scripted('second')]
    const result = await createOpenMux({ providers }).chat({ prompt: 'Weather?', tools })
    expect(result.attempts).toMatchObject([
      { code: 'model-fault' },
      { provider: 'second', outcome: 'answered' },
    ])
  })

  it('is only one when that tool was offered', () => {
    expect(leakedToolCall('{"name": "get_weather", "arguments": {}}', undefined)).toBeUndefined()
    expect(leakedToolCall('{"name": "Ada", "arguments": {}}', tools)).toBeUndefined()
    expect(leakedToolCall('Write <tool_call> to call get_weather.', tools)).toBeUndefined()
  })
})

describe('an answer that repeats itself', () => {
  const looping: Step[] = [START, ...Array.from({ length: 400 }, () => text('and so on, ')), STOP]

  it('is stopped where the caller wants that', async () => {
    const providers = [scripted('first', { answers: [looping] }), scripted('second')]
    const result = await createOpenMux({ providers }).chat({ prompt: 'Hi', stopLoops: true })
    expect(result.attempts).toMatchObject([{ code: 'model-fault' }, { provider: 'second' }])
  })

  it('is left alone by default', async () => {
    const only = scripted('only', { answers: [looping] })
    expect((await createOpenMux({ providers: [only] }).chat('Hi')).text.length).toBe(400 * 11)
  })

  it('is told from prose, tables, code and short refrains', () => {
    expect(repeatedUnit('-'.repeat(2_000))).toBeUndefined()
    expect(repeatedUnit(' '.repeat(2_000))).toBeUndefined()
    expect(repeatedUnit('la la la la la')).toBeUndefined()
    const prose = Array.from({ length: 300 }, (_, index) => `Line ${index} says ${index * 7}.`).join('\n')
    expect(repeatedUnit(prose)).toBeUndefined()
    expect(repeatedUnit('no no '.repeat(200))?.trim()).toBe('no')
  })
})

describe('a failure no result may hide', () => {
  it('keeps the first failure when everything fails', async () => {
    const error = await failureOf(
      createOpenMux({ providers: [scripted('only', { answers: [[START, STOP]] })] }).chat('Hi'),
    )
    expect(error).toMatchObject({ code: 'bad-response', provider: 'only' })
  })
})

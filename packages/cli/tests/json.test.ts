import { failWith, scriptedProvider, withFaults } from '@openmux/testkit'
import { expect, test } from 'vitest'
import { outcome, type World } from './support/run-in-process.js'

/** The one object on standard output; fails when there is anything else. */
async function json(
  argv: readonly string[],
  world: World,
): Promise<{ code: number; value: Record<string, unknown> }> {
  const { code, out } = await outcome(argv, world)
  expect(out.trimEnd().split('\n')).toHaveLength(1)
  return { code, value: JSON.parse(out) as Record<string, unknown> }
}

const answering = (): World => ({
  providers: [scriptedProvider({ id: 'first', chats: [['It ', 'is.']], embeds: true })],
})

test('ask --json is the whole result', async () => {
  const { code, value } = await json(['--json', 'hi'], answering())
  expect(code).toBe(0)
  expect(value).toMatchObject({
    provider: 'first',
    model: 'scripted-chat',
    text: 'It is.',
    finishReason: 'stop',
    attempts: [{ outcome: 'answered' }],
    decision: { task: 'chat' },
  })
})

test('models, providers, explain and embed have JSON too', async () => {
  expect((await json(['models', '--json'], answering())).value).toMatchObject({
    models: [{ id: 'scripted-chat' }, {}],
    failures: [],
  })
  expect((await json(['providers', '--json'], answering())).value).toMatchObject({
    providers: [{ id: 'first', readiness: { ready: true } }],
  })
  expect((await json(['explain', '--json', 'hi'], answering())).value).toMatchObject({
    candidates: [{ verdict: 'planned' }],
  })
  expect((await json(['embed', '--json', 'a'], answering())).value).toMatchObject({
    space: { dimensions: 16 },
    provider: 'first',
  })
})

test('an error is the object, with its code and the exit code', async () => {
  const providers = [
    withFaults(scriptedProvider({ id: 'first' }), failWith({ code: 'network', message: 'It is away.' })),
  ]
  const { code, value } = await json(['--json', 'hi'], { providers })
  expect(code).toBe(4)
  expect(value).toMatchObject({
    exitCode: 4,
    error: { code: 'network', message: 'It is away.', attempts: [{ code: 'network' }] },
  })
})

test('a wrong command line is JSON as well', async () => {
  const { code, value } = await json(['--json', '--modle', 'x', 'hi'], answering())
  expect(code).toBe(2)
  expect(value).toMatchObject({
    error: { code: 'bad-request', hint: expect.stringContaining('--model') as string },
  })
})

test('control characters in an answer survive as JSON', async () => {
  const providers = [scriptedProvider({ chats: [['a\u001b[31mb']] })]
  expect((await json(['--json', 'hi'], { providers })).value['text']).toBe('a\u001b[31mb')
})

import type { ModelCard } from '@openmux/core'
import { scriptedProvider } from '@openmux/testkit'
import { describe, expect, test } from 'vitest'
import { outcome } from './support/run-in-process.js'

const away = scriptedProvider({
  id: 'away',
  readiness: { ready: false, reason: 'Nothing listens.', remedies: ['Start it: away serve', 'Install it.'] },
  failures: (call) => (call === 'models' ? { code: 'network', message: 'Nothing listens.' } : undefined),
})

const cards: readonly ModelCard[] = [
  {
    id: 'small:1b',
    tasks: ['chat', 'code'],
    state: 'loaded',
    free: true,
    sizeBytes: 1_300_000_000,
    parameters: 1_240_000_000,
    contextTokens: 4096,
  },
  { id: 'vectors', tasks: ['embeddings'], state: 'downloadable', free: false },
]

test('providers tells who is ready, why not, what to do and the lifecycle', async () => {
  const old = scriptedProvider({
    id: 'old',
    lifecycle: { stage: 'disabled', since: '2025-11-10', reason: 'answers 410', replacement: 'ollama' },
  })
  const result = await outcome(['providers'], { providers: [scriptedProvider({ id: 'here' }), away, old] })
  expect(result.code).toBe(0)
  expect(result.out).toMatch(/● here {2}ready/)
  expect(result.out).toMatch(
    /○ away {2}not ready\n {4}Nothing listens\.\n {4}→ Start it: away serve\n {4}→ Install it\./,
  )
  expect(result.out).toMatch(
    /○ old {2}disabled\n {4}→ Use ollama instead\.\n {4}→ Force it on with --force-enabled old, .+\n.+; disabled since 2025-11-10: answers 410\n/,
  )
})

test('providers exits 3 when none is ready, and tells what the configuration forced on', async () => {
  expect((await outcome(['providers'], { providers: [away] })).code).toBe(3)
  const old = scriptedProvider({ id: 'old', lifecycle: { stage: 'disabled', since: '2025-11-10' } })
  const result = await outcome(['providers'], { providers: [old], forceEnabled: ['old'] })
  expect(result.out).toContain('disabled since 2025-11-10; forced on')
})

test('models lists name, tasks, state and sizes; who could not be asked stands on standard error', async () => {
  const result = await outcome(['models'], {
    providers: [scriptedProvider({ id: 'here', models: cards }), away],
  })
  expect(result.code).toBe(0)
  expect(result.out).toMatch(/here\/small:1b +chat, code +loaded +1\.3 GB +1\.2B +4096\n/)
  expect(result.out).toMatch(/here\/vectors +embeddings +downloadable, paid\n/)
  expect(result.err).toContain('away: Nothing listens.')
})

test('models that do not fit into a line of the terminal are told in blocks', async () => {
  const id = `organisation/${'a-long-name-'.repeat(5)}:free`
  const long: ModelCard = { id, tasks: ['chat', 'code'], state: 'hosted', free: false, contextTokens: 32_768 }
  const providers = [scriptedProvider({ id: 'here', models: [long] })]
  const { out } = await outcome(['models'], { providers, stdoutTerminal: true, env: { NO_COLOR: '1' } })
  expect(out).toBe(`here/${id}\n    chat, code; hosted, paid; 32768 tokens of context\n`)
  expect((await outcome(['models'], { providers })).out).toMatch(
    /^MODEL .+\n.+:free +chat, code +hosted, paid +32768\n$/,
  )
})

test('models shows no column that nobody fills', async () => {
  const hosted: ModelCard = { id: 'far', tasks: ['chat'], state: 'hosted', free: true, contextTokens: 8192 }
  const { out } = await outcome(['models'], {
    providers: [scriptedProvider({ id: 'away', models: [hosted] })],
  })
  expect(out).toMatch(/^MODEL +TASKS +STATE +CONTEXT\naway\/far +chat +hosted +8192\n$/)
})

test('models is narrowed by task and provider, and knows the nearest name', async () => {
  const providers = [scriptedProvider({ id: 'here', models: cards }), away]
  const narrowed = await outcome(['models', '--task', 'embeddings', '-p', 'Here'], { providers })
  expect(narrowed.out).not.toContain('small')
  expect(narrowed.out).toContain('vectors')
  expect(narrowed.err).toBe('')
  const wrong = await outcome(['models', '--provider', 'heer'], { providers })
  expect(wrong.code).toBe(2)
  expect(wrong.err).toContain('Did you mean here?')
})

test('explain tells the same story as the run', async () => {
  const providers = [away, scriptedProvider({ id: 'one' }), scriptedProvider({ id: 'two' })]
  const plan = await outcome(['explain', 'hi'], { providers })
  expect(plan.code).toBe(0)
  expect(plan.out).toMatch(/1\. one\/scripted-chat {2}would be tried first/)
  expect(plan.out).toMatch(/2\. two\/scripted-chat {2}would be tried if number 1 fails/)
  expect(plan.out).toMatch(/ – away {2}not in question\n {5}Nothing listens\.\n {5}→ Start it/)
  const ran = await outcome(['hi', '-v'], { providers })
  expect(ran.err).toMatch(/1\. one\/scripted-chat {2}answered/)
  expect(ran.err).toMatch(/ – away {2}not in question\n {5}Nothing listens\./)
})

test('explain of embeddings, and of nothing that could answer', async () => {
  const providers = [scriptedProvider({ id: 'chats' }), scriptedProvider({ id: 'embeds', embeds: true })]
  const plan = await outcome(['explain', '--task', 'embeddings', 'a cat'], { providers })
  expect(plan.out).toMatch(/1\. embeds\/scripted-embed/)
  expect(plan.out).toContain('does not do embeddings')
  expect((await outcome(['explain', 'hi'], { providers: [away] })).code).toBe(3)
})

test('embed prints one vector a line, for words and for lines of standard input', async () => {
  const providers = [scriptedProvider({ embeds: true })]
  const words = await outcome(['embed', 'a cat', 'a dog'], { providers })
  const vectors = words.out
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as number[])
  expect(vectors.map((vector) => vector.length)).toEqual([16, 16])
  expect(vectors[0]).not.toEqual(vectors[1])
  const lines = await outcome(['embed', '--lines'], { providers, stdin: 'a cat\n\na dog\n' })
  expect(lines.out).toBe(words.out)
  expect((await outcome(['embed'], { providers })).code).toBe(2)
})

test('the model configured for answers is not asked to embed', async () => {
  const providers = [scriptedProvider({ embeds: true })]
  const env = { OPENMUX_MODEL: 'scripted-chat' }
  expect((await outcome(['embed', 'a'], { providers, env })).code).toBe(0)
  expect((await outcome(['explain', '--task', 'embeddings', 'a'], { providers, env })).code).toBe(0)
  const wrong = await outcome(['embed', 'a'], {
    providers,
    env: { OPENMUX_EMBEDDING_MODEL: 'scripted-chat' },
  })
  expect(wrong.code).toBe(3)
})

test('a chat model asked to embed, and a question sent to embeddings, are refused with the way out', async () => {
  const providers = [scriptedProvider({ embeds: true })]
  const wrongModel = await outcome(['embed', '--model', 'scripted-chat', 'a'], { providers })
  expect(wrongModel.code).toBe(3)
  expect(wrongModel.err).toContain('does not do embeddings')
  const wrongTask = await outcome(['ask', '--task', 'embeddings', 'a'], { providers })
  expect(wrongTask.code).toBe(2)
  expect(wrongTask.err).toContain('openmux embed')
})

test('nobody can answer: the reason of each, and three ways out', async () => {
  const result = await outcome(['hi'], { providers: [away] })
  expect(result).toMatchObject({ code: 3, out: '' })
  expect(result.err).toContain('  away: Nothing listens.')
  expect(result.err).toMatch(/Ways out:\n {2}1\. away: Start it: away serve\n {2}2\. .+\n {2}3\. /)
})

describe('ways out', () => {
  const waysIn = (err: string): readonly string[] =>
    [...err.matchAll(/^ {2}\d\. (.+(?:\n {5}.+)*)/gm)].map(([, way = '']) => way.replaceAll(/\n\s+/g, ' '))
  const chatModel = (id: string): ModelCard => ({ id, tasks: ['chat'], state: 'installed', free: true })
  const toFetch = scriptedProvider({
    id: 'later',
    readiness: { ready: false, reason: 'No model is here.', remedies: ['Connect.', 'Copy.', 'Choose.'] },
  })

  test('for a mistyped model name: the names like it, then to leave it out', async () => {
    const providers = [toFetch, scriptedProvider({ id: 'here', models: [chatModel('gemma3:4b')] })]
    const result = await outcome(['-m', 'gema3', 'hi'], { providers })
    expect(result.code).toBe(3)
    const ways = waysIn(result.err)
    expect(ways[0]).toBe('here: Did you mean gemma3:4b?')
    expect(ways[1]).toContain('--model')
    expect(ways[2]).toBe('later: Connect.')
    expect(ways).toHaveLength(3)
  })

  test('for a model that cannot do it: to leave it out goes first', async () => {
    const providers = [toFetch, scriptedProvider({ id: 'here', embeds: true })]
    const ways = waysIn((await outcome(['-m', 'scripted-embed', 'hi'], { providers })).err)
    expect(ways[0]).toContain('--model')
    expect(ways[1]).toBe('later: Connect.')
    expect(ways[2]).toContain('openmux models')
    const embedding = waysIn((await outcome(['embed', '-m', 'scripted-chat', 'hi'], { providers })).err)
    expect(embedding[0]).toContain('--model')
    expect(embedding[1]).toContain('openmux models')
  })

  test('for a model that nobody could look for: what makes a provider ready goes first', async () => {
    const other = scriptedProvider({
      id: 'other',
      readiness: { ready: false, reason: 'It is away.', remedies: ['Start it.', 'Install it.'] },
    })
    const ways = waysIn((await outcome(['-m', 'gema3', 'hi'], { providers: [toFetch, other] })).err)
    expect(ways).toEqual(['later: Connect.', 'other: Start it.', expect.stringContaining('--model')])
  })

  test('those of one provider stay together, and each provider has one', async () => {
    const other = scriptedProvider({
      id: 'other',
      readiness: { ready: false, reason: 'It is away.', remedies: ['Start it.', 'Install it.'] },
    })
    const ways = waysIn((await outcome(['hi'], { providers: [toFetch, other] })).err)
    expect(ways).toEqual(['later: Connect.', 'later: Copy.', 'other: Start it.'])
  })

  test('offline with little to say there are three, Ollama among them', async () => {
    const bare = scriptedProvider({
      readiness: { ready: false, reason: 'No model.', remedies: ['Copy one.'] },
    })
    const ways = waysIn((await outcome(['--offline', 'hi'], { providers: [bare] })).err)
    expect(ways).toHaveLength(3)
    expect(ways[1]).toContain('https://ollama.com/download')
  })

  test('a provider that was not asked for is no news', async () => {
    const providers = [scriptedProvider({ id: 'here' }), toFetch]
    const result = await outcome(['-p', 'later', 'hi'], { providers })
    expect(result.code).toBe(3)
    expect(result.err).toContain('later: No model is here.')
    expect(result.err).not.toContain('here: ')
    expect(result.err).not.toContain('asks for')
    expect((await outcome(['explain', '-p', 'later', 'hi'], { providers })).out).toContain(
      'asks for later only',
    )
  })

  test('without any provider there is one too', async () => {
    const result = await outcome(['hi'], { providers: [] })
    expect(result.code).toBe(3)
    expect(result.err).toMatch(/→ Check `order` and `enabled` in the configuration/)
  })
})

import { failWith, type Scripts, scriptedProvider, withFaults } from '@openmux/testkit'
import { expect, test } from 'vitest'
import { eventually } from './support/eventually.js'
import { outcome, start } from './support/run-in-process.js'

const first = (chats: Scripts) => scriptedProvider({ id: 'first', chats })

test('prints the answer on standard output and nothing else', async () => {
  const result = await outcome(['ask', 'Why is the sea salty?'], { providers: [first([['It ', 'is.']])] })
  expect(result).toMatchObject({ code: 0, out: 'It is.\n', err: '' })
})

test('takes a question without the word ask, and words without quotes', async () => {
  const provider = first([['ok']])
  await outcome(['Why', 'is', 'the', 'sea', 'salty?'], { providers: [provider] })
  expect(provider.chatRequests[0]?.messages).toEqual([{ role: 'user', content: 'Why is the sea salty?' }])
})

test('`ask models` asks the word, `models` is the command', async () => {
  const provider = first([['ok']])
  await outcome(['ask', 'models'], { providers: [provider] })
  expect(provider.chatRequests[0]?.messages).toEqual([{ role: 'user', content: 'models' }])
  const listed = await outcome(['models'], { providers: [provider] })
  expect(listed.out).toContain('first/scripted-chat')
})

test('a question that begins with a dash goes after --', async () => {
  const provider = first([['ok']])
  await outcome(['--', '--help me'], { providers: [provider] })
  expect(provider.chatRequests[0]?.messages).toEqual([{ role: 'user', content: '--help me' }])
})

test('text from standard input follows the question, or is the question', async () => {
  const provider = first([['ok']])
  await outcome(['Summarise:'], { providers: [provider], stdin: 'line one\nline two\n' })
  await outcome([], { providers: [provider], stdin: 'only this' })
  await outcome(['ask'], { providers: [provider], stdin: 'and this' })
  expect(provider.chatRequests.map(({ messages }) => messages[0]?.content)).toEqual([
    'Summarise:\n\nline one\nline two\n',
    'only this',
    'and this',
  ])
})

test('a megabyte of prompt arrives whole', async () => {
  const provider = first([['ok']])
  const text = 'sea '.repeat(262_144)
  const result = await outcome(['ask'], { providers: [provider], stdin: text })
  expect(result.code).toBe(0)
  expect(provider.chatRequests[0]?.messages[0]?.content).toBe(text)
})

test.each([
  ['an empty question', ['ask', '  '], ''],
  ['no question at all', ['ask'], ''],
  ['no argument, no terminal, nothing piped', [], ''],
  ['blank standard input', [], ' \n\n'],
])('%s is a typed error that says how to ask', async (_name, argv, stdin) => {
  const result = await outcome(argv, { providers: [first([['ok']])], stdin })
  expect(result).toMatchObject({ code: 2, out: '' })
  expect(result.err).toContain('The question is empty. (bad-request)')
  expect(result.err).toContain('→ Give it as words')
})

test.each([
  ['bytes that are no UTF-8', Buffer.from([0x89, 0x50, 0x4e, 0x47, 0xff, 0xfe, 0x01])],
  ['text with a NUL in it', Buffer.from('a\0b')],
])('binary on standard input is refused: %s', async (_name, stdin) => {
  const provider = first([['ok']])
  const result = await outcome(['ask', 'what is this?'], { providers: [provider], stdin })
  expect(result).toMatchObject({ code: 2, out: '' })
  expect(result.err).toContain('Standard input is not text')
  expect(provider.chatRequests).toHaveLength(0)
})

test('UTF-16 with a byte order mark is read as text', async () => {
  const provider = first([['ok']])
  await outcome(['ask'], { providers: [provider], stdin: Buffer.from('\ufeffSalz & Meer', 'utf16le') })
  expect(provider.chatRequests[0]?.messages[0]?.content).toBe('Salz & Meer')
})

test('options reach the request', async () => {
  const provider = scriptedProvider({ id: 'first', supports: { reasoning: true } })
  const argv = [
    '-s',
    'Be brief.',
    '--temperature',
    '0',
    '--max-tokens',
    '9',
    '--reasoning',
    'low',
    '--task',
    'code',
    'hi',
  ]
  const result = await outcome([...argv, '--json'], { providers: [provider] })
  expect(JSON.parse(result.out)).toMatchObject({ decision: { task: 'code' } })
  expect(provider.chatRequests[0]).toMatchObject({
    temperature: 0,
    maxTokens: 9,
    reasoning: 'low',
    messages: [
      { role: 'system', content: 'Be brief.' },
      { role: 'user', content: 'hi' },
    ],
  })
})

test('--prefer, --provider and --model choose who answers', async () => {
  const providers = (): Parameters<typeof outcome>[1] => ({
    providers: [first([['one']]), scriptedProvider({ id: 'second', chats: [['two']] })],
  })
  expect((await outcome(['hi'], providers())).out).toBe('one\n')
  expect((await outcome(['hi', '--prefer', 'second'], providers())).out).toBe('two\n')
  expect((await outcome(['--provider', 'SECOND', 'hi'], providers())).out).toBe('two\n')
  expect((await outcome(['hi', '--model', 'second/scripted-chat'], providers())).out).toBe('two\n')
})

test('an unknown provider or model is told with the nearest name', async () => {
  const providers = [first([['ok']])]
  const provider = await outcome(['hi', '--provider', 'frist'], { providers })
  expect(provider.code).toBe(2)
  expect(provider.err).toContain('Did you mean first?')
  const model = await outcome(['hi', '--model', 'scripted-chatt'], { providers })
  expect(model.code).toBe(3)
  expect(model.err).toContain('Did you mean scripted-chat?')
})

test('a failover is one line: what, why, where to', async () => {
  const broken = withFaults(
    scriptedProvider({ id: 'first' }),
    failWith({ code: 'unavailable', message: 'The server is full.' }),
  )
  const second = scriptedProvider({ id: 'second', chats: [['two']] })
  const result = await outcome(['hi'], { providers: [broken, second] })
  expect(result).toMatchObject({ code: 0, out: 'two\n' })
  expect(result.err).toBe(
    'first/scripted-chat: The server is full (unavailable) → trying second/scripted-chat\n',
  )
})

test('when everybody failed, every attempt is told and the code is 4', async () => {
  const providers = ['first', 'second'].map((id) =>
    withFaults(scriptedProvider({ id }), failWith({ code: 'network', message: `${id} is away.` })),
  )
  const result = await outcome(['hi'], { providers })
  expect(result).toMatchObject({ code: 4, out: '' })
  expect(result.err).toContain('Every candidate failed. (all-failed)')
  expect(result.err).toMatch(/ {2}first\/scripted-chat: first is away\. \(network/)
  expect(result.err).toMatch(/ {2}second\/scripted-chat: second is away\. \(network/)
})

test('an answer cut in the middle is printed as far as it came, told, and never exits 0', async () => {
  const result = await outcome(['hi'], { providers: [first([['It is ', { end: true }]])] })
  expect(result).toMatchObject({ code: 5, out: 'It is \n' })
  expect(result.err).toContain('(truncated)')
})

test('an answer that hit the token limit says so and exits 5', async () => {
  const result = await outcome(['hi'], { providers: [first([['It', { type: 'finish', reason: 'length' }]])] })
  expect(result).toMatchObject({ code: 5, out: 'It\n' })
  expect(result.err).toContain('token limit')
})

test('--no-stream fails over even in the middle of an answer', async () => {
  const providers = [
    first([['It is ', { end: true }]]),
    scriptedProvider({ id: 'second', chats: [['whole']] }),
  ]
  const result = await outcome(['hi', '--no-stream'], { providers })
  expect(result).toMatchObject({ code: 0, out: 'whole\n' })
})

test('the deadline of --timeout ends the request with 124', async () => {
  const result = await outcome(['hi', '--timeout', '0.05'], { providers: [first([[{ hang: true }]])] })
  expect(result.code).toBe(124)
  expect(result.err).toContain('--timeout')
})

test('--verbose tells attempts, decision and the closing line, on standard error only', async () => {
  const result = await outcome(['hi', '--verbose'], { providers: [first([['ok']])] })
  expect(result.out).toBe('ok\n')
  expect(result.err).toContain('Attempts:')
  expect(result.err).toContain('Task: chat (')
  expect(result.err).toMatch(/— first\/scripted-chat, .+, about \d+ tokens?\n$/)
})

test('--verbose shows thinking, which is never part of the answer', async () => {
  const provider = first([[{ type: 'reasoning', text: 'hmm' }, 'ok']])
  const loud = await outcome(['hi', '-v'], { providers: [provider] })
  expect(loud.out).toBe('ok\n')
  expect(loud.err).toContain('hmm\n')
  const quiet = await outcome(['hi'], { providers: [provider] })
  expect(quiet.err).toBe('')
})

test('a terminal gets the closing line without being asked', async () => {
  const result = await outcome(['hi'], {
    providers: [first([['ok']])],
    stderrTerminal: true,
    env: { NO_COLOR: '1' },
  })
  expect(result.err).toMatch(/— first\/scripted-chat, /)
})

test('an interrupt stops the model, leaves what came and ends with 130', async () => {
  const provider = first([['It is ', { hang: true }]])
  const running = start(['hi'], { providers: [provider] })
  await eventually(() => running.out() === 'It is ', running.out)
  running.signal('SIGINT')
  const result = await running.done
  expect(result).toMatchObject({ code: 130, out: 'It is \n', exits: [] })
  expect(result.err).toContain('interrupted')
  expect(provider.running()).toBe(0)
})

test('with --no-stream an interrupt still prints what had come', async () => {
  const provider = first([['It is ', { hang: true }]])
  const running = start(['hi', '--no-stream'], { providers: [provider] })
  await eventually(() => provider.chatRequests.length === 1, running.err)
  // The piece has been read once the script hangs.
  await new Promise((resolve) => setImmediate(resolve))
  running.signal('SIGINT')
  expect(await running.done).toMatchObject({ code: 130, out: 'It is \n' })
})

test('a second interrupt ends the program at once; the request to end gives 143', async () => {
  const twice = start(['hi'], { providers: [first([['a', { hang: true }]])] })
  await eventually(() => twice.out() === 'a', twice.out)
  twice.signal('SIGINT')
  twice.signal('SIGINT')
  expect((await twice.done).exits).toEqual([130])
  const ended = start(['hi'], { providers: [first([['a', { hang: true }]])] })
  await eventually(() => ended.out() === 'a', ended.out)
  ended.signal('SIGTERM')
  expect((await ended.done).code).toBe(143)
})

test('a lifecycle notice is told once, on standard error', async () => {
  const provider = scriptedProvider({
    id: 'first',
    lifecycle: { stage: 'deprecated', since: '2026-01-01', notice: 'It ends in May.' },
  })
  expect((await outcome(['hi'], { providers: [provider] })).err).toBe('note: It ends in May.\n')
})

import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { PassThrough } from 'node:stream'
import { failWith, scriptedProvider, withFaults } from '@openmux/testkit'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { Conversation, type Turn } from '../src/chat/conversation.js'
import { readChatLine } from '../src/chat/slash-commands.js'
import { eventually } from './support/eventually.js'
import { emptyFolder, outcome, start } from './support/run-in-process.js'

describe('a piped chat', () => {
  test('sends the whole conversation every turn', async () => {
    const provider = scriptedProvider({ id: 'first', chats: [['one'], ['two']] })
    const result = await outcome(['chat', '-s', 'Be brief.'], {
      providers: [provider],
      stdin: 'Hi.\n\nAnd you?\n',
    })
    expect(result).toMatchObject({ code: 0, out: 'one\ntwo\n' })
    expect(provider.chatRequests[1]?.messages).toEqual([
      { role: 'system', content: 'Be brief.' },
      { role: 'user', content: 'Hi.' },
      { role: 'assistant', content: 'one' },
      { role: 'user', content: 'And you?' },
    ])
  })

  test('goes on after a failure: the line stays in the conversation', async () => {
    const provider = scriptedProvider({
      id: 'first',
      chats: (_request, before) => (before < 2 ? [{ fail: 'bad-request' }] : ['here']),
    })
    const result = await outcome(['chat'], { providers: [provider], stdin: 'one\ntwo\nthree\n' })
    expect(result).toMatchObject({ code: 0, out: 'here\n' })
    expect(result.err).toContain('(bad-request)')
    expect(provider.chatRequests.at(-1)?.messages).toEqual([{ role: 'user', content: 'one\n\ntwo\n\nthree' }])
  })

  test('ends with the code of its last answer', async () => {
    const provider = withFaults(scriptedProvider({ id: 'first' }), failWith('network'))
    expect((await outcome(['chat'], { providers: [provider], stdin: 'one\n' })).code).toBe(4)
    expect((await outcome(['chat'], { providers: [provider], stdin: '' })).code).toBe(0)
  })

  test('a provider that goes away between two turns is replaced, and that is told', async () => {
    let away = false
    const first = scriptedProvider({
      id: 'first',
      chats: (request) =>
        away ? [{ fail: { code: 'network', message: 'It is away.' } }] : [`first ${request.messages.length}`],
    })
    const second = scriptedProvider({
      id: 'second',
      chats: (request) => [`second ${request.messages.length}`],
    })
    const stdin = new PassThrough()
    const running = start(['chat'], { providers: [first, second], stdin })
    stdin.write('one\n')
    await eventually(() => running.out() === 'first 1\n', running.out)
    away = true
    stdin.write('two\n')
    await eventually(() => running.out().includes('second'), running.out)
    stdin.end()
    const result = await running.done
    expect(result).toMatchObject({ code: 0, out: 'first 1\nsecond 3\n' })
    expect(result.err).toContain('first/scripted-chat: It is away (network) → trying second/scripted-chat')
  })

  test('a provider that comes back is told as that, and the one it relieves is not blamed', async () => {
    let away = false
    const first = scriptedProvider({
      id: 'first',
      readiness: () => (away ? { ready: false, reason: 'It is away.', remedies: [] } : { ready: true }),
      chats: () => (away ? [{ fail: { code: 'network', message: 'It is away.' } }] : ['from the first']),
    })
    const second = scriptedProvider({ id: 'second', chats: () => ['from the second'] })
    const stdin = new PassThrough()
    const running = start(['chat'], { providers: [first, second], stdin })
    const answers = (count: number): Promise<void> =>
      eventually(() => running.out().split('\n').length > count, running.err)
    stdin.write('one\n')
    await answers(1)
    away = true
    stdin.write('two\n')
    await answers(2)
    away = false
    stdin.write('three\n')
    await answers(3)
    stdin.end()
    const { err } = await running.done
    expect(err).toContain('first is back')
    expect(err).not.toContain('second did not answer')
  })

  test('an answer cut in the middle is kept, marked as not whole', async () => {
    const provider = scriptedProvider({ id: 'first', chats: [['It is ', { end: true }], ['ok']] })
    const result = await outcome(['chat'], { providers: [provider], stdin: 'one\ntwo\n' })
    expect(result.out).toBe('It is \nok\n')
    // The engine tried to go on; what it got was another answer.
    expect(provider.chatRequests.at(-1)?.messages[1]).toEqual({
      role: 'assistant',
      content: 'It is \n[cut off here]',
    })
  })

  test('the first interrupt stops the answer, the chat goes on; the second ends it with 130', async () => {
    const provider = scriptedProvider({
      id: 'first',
      chats: [['It is ', { hang: true }], ['ok'], ['more', { hang: true }]],
    })
    const stdin = new PassThrough()
    const running = start(['chat'], { providers: [provider], stdin })
    stdin.write('one\n')
    await eventually(() => running.out() === 'It is ', running.out)
    running.signal('SIGINT')
    stdin.write('two\n')
    await eventually(() => running.out() === 'It is \nok\n', running.out)
    // The engine tried to go on; what it got was another answer.
    expect(provider.chatRequests.at(-1)?.messages[1]).toEqual({
      role: 'assistant',
      content: 'It is \n[stopped here by the user]',
    })
    running.signal('SIGINT')
    expect((await running.done).code).toBe(130)
  })

  test('the request to end stops everything with 143', async () => {
    const provider = scriptedProvider({ id: 'first', chats: [['It is ', { hang: true }]] })
    const stdin = new PassThrough()
    const running = start(['chat'], { providers: [provider], stdin })
    stdin.write('one\n')
    await eventually(() => running.out() === 'It is ', running.out)
    running.signal('SIGTERM')
    expect((await running.done).code).toBe(143)
  })

  test('commands change instructions and model, forget, save and leave', async () => {
    const provider = scriptedProvider({ id: 'first', chats: (request) => [`${request.messages.length}`] })
    const cwd = emptyFolder()
    const lines = [
      '/system Be kind.',
      'one',
      '/save talk.md',
      '/save talk.md',
      '/save talk.json',
      '/clear',
      '/system',
      'two',
      '/modle x',
      '/model none',
      'three',
      '/model',
      '/exit',
      'never',
    ]
    const result = await outcome(['chat'], { providers: [provider], stdin: `${lines.join('\n')}\n`, cwd })
    expect(result.out).toBe('2\n1\n')
    // The last answer was the one that `none` could not give.
    expect(result.code).toBe(3)
    expect(result.err).toContain(`saved to ${join(cwd, 'talk.md')}`)
    expect(result.err).toContain('exists already')
    expect(result.err).toContain('Did you mean /model?')
    expect(result.err).toMatch(
      /instructions: Be kind\.\n[\s\S]*conversation forgotten; the instructions stay\n[\s\S]*no instructions any more\n/,
    )
    expect(result.err).toMatch(/answers come from none now\n[\s\S]*OpenMux chooses the model again\n/)
    expect(result.err).toContain('/model alone')
    expect(result.err).toContain('has no model called none')
    expect(readFileSync(join(cwd, 'talk.md'), 'utf8')).toBe('## You\n\none\n\n## Answer\n\n2\n')
    expect(JSON.parse(readFileSync(join(cwd, 'talk.json'), 'utf8'))).toEqual({
      turns: [
        { role: 'user', content: 'one' },
        { role: 'assistant', content: '2' },
      ],
    })
  })

  test('a file that cannot be written is told, and costs nothing', async () => {
    const result = await outcome(['chat'], {
      providers: [scriptedProvider()],
      stdin: '/save none/talk.md\nhi\n',
    })
    expect(result).toMatchObject({ code: 0, out: 'ok\n' })
    expect(result.err).toContain('(ENOENT)')
    expect(existsSync('none')).toBe(false)
  })

  test('takes a first message from the command line, and has no --json', async () => {
    const provider = scriptedProvider({ chats: [['one'], ['two']] })
    expect((await outcome(['chat', 'hello'], { providers: [provider], stdin: 'more\n' })).out).toBe(
      'one\ntwo\n',
    )
    expect((await outcome(['chat', '--json'], { providers: [provider] })).code).toBe(2)
  })
})

describe('a line of the chat', () => {
  test.each([
    ['hello', { kind: 'message', text: 'hello' }],
    ['  ', { kind: 'empty' }],
    ['/QUIT', { kind: 'exit' }],
    ['/system', { kind: 'system', value: undefined }],
    ['/model a/b', { kind: 'model', value: 'a/b' }],
    ['/etc/hosts is what?', { kind: 'message', text: '/etc/hosts is what?' }],
    ['//exit', { kind: 'message', text: '/exit' }],
    ['/save', { kind: 'wrong', message: '/save needs the name of a file.' }],
  ])('%j', (line, meaning) => {
    expect(readChatLine(line)).toEqual(meaning)
  })
})

test('messages of a conversation take turns, begin with the user, and lose nothing', () => {
  const text = fc.string({ minLength: 1 })
  const step = fc.oneof(
    text.map((content): Turn => ({ role: 'user', content })),
    fc.record({
      role: fc.constant('assistant' as const),
      content: text,
      partial: fc.constantFrom('stopped' as const, 'cut' as const),
    }),
  )
  fc.assert(
    fc.property(fc.array(step), (steps) => {
      const turns: readonly Turn[] = [{ role: 'user', content: 'begin' }, ...steps]
      const messages = new Conversation(turns).messages()
      messages.forEach((message, place) => expect(message.role).toBe(place % 2 === 0 ? 'user' : 'assistant'))
      const all = messages.map(({ content }) => (typeof content === 'string' ? content : '')).join('\n\n')
      for (const { content } of turns) expect(all).toContain(content)
    }),
  )
})

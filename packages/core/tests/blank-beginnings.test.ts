import { describe, expect, it } from 'vitest'
import { type ChatStreamEvent, createOpenMux, type OpenMuxError } from '../src/index.js'
import { answer, scripted, START, type Step, STOP, text } from './support/scripted-provider.js'

async function read(
  stream: AsyncIterable<ChatStreamEvent>,
): Promise<{ readonly events: ChatStreamEvent[]; readonly text: string; readonly error?: OpenMuxError }> {
  const events: ChatStreamEvent[] = []
  const joined = (): string => events.map((event) => (event.type === 'text' ? event.text : '')).join('')
  try {
    for await (const event of stream) events.push(event)
  } catch (error) {
    return { events, text: joined(), error: error as OpenMuxError }
  }
  return { events, text: joined() }
}

const mux = (first: readonly Step[], second: readonly Step[]) =>
  createOpenMux({
    providers: [scripted('first', { answers: [first] }), scripted('second', { answers: [second] })],
    random: () => 0,
  })

describe('an answer that begins with white space', () => {
  it.each([
    ['is cut there', [START, text('\n'), text(' ')]],
    ['is nothing else', [START, text(' \t'), STOP]],
  ] as const)(
    'leaves nothing of it before the answer of the next candidate when it %s',
    async (_how, first) => {
      const { events, text: seen, error } = await read(mux(first, answer('\n', 'Hello')).stream('Hi'))
      expect(error).toBeUndefined()
      expect(seen).toBe('\nHello')
      expect(events.some(({ type }) => type === 'resumed')).toBe(false)
    },
  )

  it('keeps its white space', async () => {
    const { text: seen } = await read(mux(answer('\n', ' ', 'Hello', ' ', 'there', '\n'), []).stream('Hi'))
    expect(seen).toBe('\n Hello there\n')
  })

  it('keeps it in front of a tool call', async () => {
    const call: Step = { type: 'tool-call', id: 'a', name: 'pay', argumentsText: '{}' }
    const stream = mux([START, text('\n'), call, { ...STOP, reason: 'tool-calls' } as Step], []).stream({
      prompt: 'Hi',
      tools: [{ name: 'pay', parameters: {} }],
    })
    const { events } = await read(stream)
    expect(events.map(({ type }) => type)).toEqual(['start', 'text', 'tool-call', 'finish'])
  })

  it('is not doubled after thinking that was seen already', async () => {
    const thinking: Step[] = [START, { type: 'reasoning', text: 'Hm.' }, text('\n\n')]
    const { text: seen, error } = await read(
      mux(thinking, [START, { type: 'reasoning', text: 'Well.' }, text('\n'), text('\nHello'), STOP]).stream(
        'Hi',
      ),
    )
    expect(error).toBeUndefined()
    expect(seen).toBe('\n\nHello')
  })
})

describe('an answer of white space behind thinking', () => {
  it('leaves nothing of it before the answer of the next candidate', async () => {
    const blank: Step[] = [START, { type: 'reasoning', text: 'Hm.' }, text('\n '), STOP]
    const stream = mux(blank, answer('Hello')).stream('Hi')
    const { text: seen, error } = await read(stream)
    expect(error).toBeUndefined()
    expect(seen).toBe('Hello')
    expect((await stream.result()).text).toBe('Hello')
  })
})

describe('a caller who leaves between two pieces', () => {
  it('gets no piece that had come before', async () => {
    const controller = new AbortController()
    const stream = mux(answer('Hello', ' there'), []).stream({ prompt: 'Hi', signal: controller.signal })
    const seen: string[] = []
    await expect(
      (async () => {
        for await (const { type } of stream) {
          seen.push(type)
          controller.abort()
        }
      })(),
    ).rejects.toMatchObject({ code: 'aborted' })
    expect(seen).toEqual(['start'])
  })

  it('gets none of an answer that goes on elsewhere', async () => {
    const controller = new AbortController()
    const stream = mux([START, text('Hel')], answer('Hello')).stream({
      prompt: 'Hi',
      signal: controller.signal,
    })
    const seen: string[] = []
    await expect(
      (async () => {
        for await (const { type } of stream) {
          seen.push(type)
          if (type === 'resumed') controller.abort()
        }
      })(),
    ).rejects.toMatchObject({ code: 'aborted' })
    expect(seen).toEqual(['start', 'text', 'resumed'])
  })
})

describe('an answer that is stopped because it repeats itself', () => {
  it('holds in the error exactly what the caller has seen', async () => {
    const loop = Array.from({ length: 80 }, () => text('again and again '))
    const { text: seen, error } = await read(
      mux([START, ...loop, STOP], answer('Hello')).stream({ prompt: 'Hi', stopLoops: true }),
    )
    expect(error?.partial?.text).toBe(seen)
  })
})

import type { Provider } from '@openmux/core'
import { cutAfter, type Scripts, scriptedProvider, withFaults } from '@openmux/testkit'
import { expect, test } from 'vitest'
import { outcome } from './support/run-in-process.js'

const WHOLE = ['The sea ', 'is salty.\n', 'Rivers ', 'bring it.'] as const

const one = (id: string, chats: Scripts): Provider => scriptedProvider({ id, chats })
const cut = (id: string, pieces: number): Provider => withFaults(one(id, [[...WHOLE]]), cutAfter(pieces))
const AT_TERMINAL = { stdoutTerminal: true, stderrTerminal: true, env: { NO_COLOR: '1' } } as const

test('an answer that breaks off goes on elsewhere; one line says where, why and who', async () => {
  const result = await outcome(['hi'], { providers: [cut('first', 3), one('second', [[...WHOLE]])] })
  expect(result).toMatchObject({ code: 0, out: `${WHOLE.join('')}\n` })
  expect(result.err).toBe(
    'first/scripted-chat: Cut after 3 pieces (truncated) → second/scripted-chat goes on\n',
  )
})

test('on a screen that line waits for the end of the line of the answer', async () => {
  const both: string[] = []
  const result = await outcome(['hi'], {
    ...AT_TERMINAL,
    providers: [cut('first', 1), one('second', [[...WHOLE]])],
    onWrite: (where, text) => both.push(`${where}:${text}`),
  })
  expect(result.out).toBe(`${WHOLE.join('')}\n`)
  const told = both.findIndex((entry) => /goes\s+on/.test(entry))
  expect(told).toBeGreaterThan(0)
  expect(both.slice(0, told).findLast((entry) => entry.startsWith('out:'))).toMatch(/\n$/)
})

test('at a terminal an answer in other words is printed whole, on lines of its own', async () => {
  const result = await outcome(['hi'], {
    ...AT_TERMINAL,
    providers: [cut('first', 1), one('second', [['By rivers, ', 'mostly.']])],
  })
  expect(result).toMatchObject({ code: 0, out: 'The sea \nBy rivers, mostly.\n' })
  expect(result.err.replaceAll(/\s+/g, ' ')).toContain('→ second/scripted-chat begins the answer again')
})

test('what went into a pipe is never followed by another answer: the exit code says it is not whole', async () => {
  const result = await outcome(['hi'], {
    providers: [cut('first', 1), one('second', [['By rivers, ', 'mostly.']])],
  })
  expect(result).toMatchObject({ code: 5, out: 'The sea \n' })
  expect(result.err).toContain('second/scripted-chat answers in other words')
  expect(result.err).toContain('With --on-break restart the other answer is printed whole.')
})

test('an answer that breaks off at everybody: what came is printed, and the exit code says it is not whole', async () => {
  const result = await outcome(['hi'], { providers: [cut('first', 2), cut('second', 3)] })
  expect(result).toMatchObject({ code: 5, out: WHOLE.slice(0, 3).join('') + '\n' })
  expect(result.err).toContain('error Every candidate failed. (all-failed)')
  expect(result.err).toContain('→ What came is above; ask again')
  const nothing = await outcome(['hi'], { providers: [cut('first', 0), cut('second', 0)] })
  expect(nothing).toMatchObject({ code: 4, out: '' })
})

test('--on-break restart prints only the whole answer into a pipe', async () => {
  const result = await outcome(['hi', '--on-break', 'restart'], {
    providers: [cut('first', 1), one('second', [['By rivers, ', 'mostly.']])],
  })
  expect(result).toMatchObject({ code: 0, out: 'By rivers, mostly.\n' })
})

test('--on-break fail asks nobody else', async () => {
  const second = scriptedProvider({ id: 'second', chats: [[...WHOLE]] })
  const result = await outcome(['hi', '--on-break', 'fail'], { providers: [cut('first', 1), second] })
  expect(result).toMatchObject({ code: 5, out: 'The sea \n' })
  expect(second.chatRequests).toHaveLength(0)
})

test('a chat at a terminal keeps the answer that was printed last', async () => {
  const second = scriptedProvider({ id: 'second', chats: [['By rivers.'], ['fine']] })
  const first = withFaults(one('first', [[...WHOLE], [...WHOLE]]), cutAfter(1))
  const result = await outcome(['chat', '--on-break', 'restart'], {
    providers: [first, second],
    stdin: 'one\ntwo\n',
  })
  expect(result.code).toBe(0)
  expect(second.chatRequests.at(-1)?.messages.at(1)).toEqual({ role: 'assistant', content: 'By rivers.' })
})

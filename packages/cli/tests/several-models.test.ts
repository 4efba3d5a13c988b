import { failWith, type Scripts, scriptedProvider, withFaults } from '@openmux/testkit'
import { describe, expect, test } from 'vitest'
import { outcome } from './support/run-in-process.js'

const one = (id: string, chats: Scripts) => scriptedProvider({ id, chats })
const three = () => [one('a', [['Yes.']]), one('b', [['No.']]), one('c', [['yes']])]

describe('ask --combine', () => {
  test('vote prints the answer most members gave, and nothing else on standard output', async () => {
    const result = await outcome(['Is 7919 a prime?', '--combine', 'vote'], { providers: three() })
    expect(result).toMatchObject({ code: 0, out: 'Yes.\n', err: '' })
  })

  test('the members are reported on standard error where somebody looks', async () => {
    const { err } = await outcome(['Prime?', '--combine', 'vote', '--models', '3'], {
      providers: three(),
      stderrTerminal: true,
    })
    expect(err).toMatch(/a\/scripted-chat: its answer was taken/)
    expect(err).toMatch(/c\/scripted-chat: answered/)
    expect(err).toMatch(/— 2 of 3 votes, .*3 calls/)
  })

  test('--json has the text and a report for every member', async () => {
    const { out } = await outcome(['Prime?', '--combine', 'vote', '--json'], { providers: three() })
    const result = JSON.parse(out) as { text: string; members: { outcome: string }[]; calls: number }
    expect(result).toMatchObject({ text: 'Yes.', calls: 3, strategy: 'vote' })
    expect(result.members.map(({ outcome: became }) => became)).toContain('won')
  })

  test('a member that fails is one line, and another takes its place', async () => {
    const broken = withFaults(one('broken', [['-']]), failWith('unavailable'))
    const result = await outcome(['Prime?', '--combine', 'merge', '--models', '2'], {
      providers: [broken, one('b', [['Left.']]), one('c', [['Right.']])],
    })
    expect(result.code).toBe(0)
    expect(result.out).toMatch(/Left\.[\s\S]*Right\./)
    expect(result.err).toMatch(/^broken\/scripted-chat: .*\(unavailable\), without it\n$/)
  })

  test('first takes the first usable one', async () => {
    const slow = one('slow', [[{ wait: 60_000 }, 'late']])
    const result = await outcome(['hi', '--combine', 'first', '--models', '2'], {
      providers: [slow, one('quick', [['quick']])],
    })
    expect(result).toMatchObject({ code: 0, out: 'quick\n' })
    expect(slow.running()).toBe(0)
  })

  test('when nobody answers each is told, and the exit code is that of a failure', async () => {
    const dead = (id: string) => withFaults(one(id, [['-']]), failWith('unavailable'))
    const result = await outcome(['hi', '--combine', 'vote'], { providers: [dead('a'), dead('b')] })
    expect(result).toMatchObject({ code: 4, out: '' })
    expect(result.err).toContain('a/scripted-chat')
    expect(result.err).toContain('b/scripted-chat')
  })

  test.each([
    [['hi', '--models', '3'], '--models says how many models --combine asks'],
    [['chat', '--combine', 'vote'], '--combine has no meaning for `openmux chat`'],
    [['hi', '--combine', 'quarrel'], 'one of first, vote, merge, best, summary'],
    [['hi', '--combine', 'vote', '--models', '99'], '--models is at most 8 with --combine vote'],
  ])('%j is refused', async (argv, told) => {
    const result = await outcome(argv, { providers: three() })
    expect(result).toMatchObject({ code: 2, out: '' })
    expect(result.err.replaceAll(/\s+/g, ' ')).toContain(told)
  })
})

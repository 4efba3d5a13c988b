import { normaliseAnswer } from './normalise.js'

/** One usable answer in a vote. */
export interface Ballot {
  /** The member's place among the candidates. */
  readonly index: number
  readonly text: string
}

/** Answers that count as the same. */
export interface VoteCount {
  /** What they were compared by. */
  readonly key: string
  /** Members, in the order of candidates. */
  readonly members: readonly number[]
}

/** The outcome of a vote. */
export interface VoteResult {
  /** The winning group's first member in the order of candidates. */
  readonly winner: number
  readonly counts: readonly VoteCount[]
  /** Several groups had as many votes; the order of candidates decided. */
  readonly tied: boolean
}

/** Groups of equal answers: most votes first, then the one whose first member stands first among the candidates. */
export function countVotes(ballots: readonly Ballot[]): readonly VoteCount[] {
  const groups = new Map<string, number[]>()
  for (const { index, text } of ballots) {
    const key = normaliseAnswer(text)
    const members = groups.get(key)
    if (members === undefined) groups.set(key, [index])
    else members.push(index)
  }
  return [...groups]
    .map(([key, members]) => ({ key, members: members.sort((a, b) => a - b) }))
    .sort((a, b) => b.members.length - a.members.length || (a.members[0] ?? 0) - (b.members[0] ?? 0))
}

/** Most votes win; between equals the order of candidates decides, and `tied` says so. Undefined without ballots. */
export function vote(ballots: readonly Ballot[]): VoteResult | undefined {
  const counts = countVotes(ballots)
  const [first, second] = counts
  const winner = first?.members[0]
  if (first === undefined || winner === undefined) return undefined
  return { winner, counts, tied: second?.members.length === first.members.length }
}

/** Whether `outstanding` more votes could not change who wins, not even by a tie. */
export function isDecided(ballots: readonly Ballot[], outstanding: number): boolean {
  const [first, second] = countVotes(ballots)
  return first !== undefined && first.members.length > (second?.members.length ?? 0) + outstanding
}

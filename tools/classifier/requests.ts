import { readdirSync, readFileSync } from 'node:fs'

/** A request written by hand, with the task it is about. */
export interface LabelledRequest {
  readonly language: string
  /** everyday, code-ask, code-paste, typos … */
  readonly kind: string
  readonly label: 'chat' | 'code' | 'embeddings' | 'unknown'
  /** What the answer before was; nothing came before when left out. */
  readonly after?: 'code' | 'prose'
  readonly text: string
}

/** The sets there are. `test-set` is for measuring alone: nothing is chosen by it. */
export type SetName = 'test-set' | 'dev-set'

/** All requests of a set, by language. */
export function readRequests(set: SetName): LabelledRequest[] {
  const folder = new URL(`${set}/`, import.meta.url)
  return readdirSync(folder)
    .filter((name) => name.endsWith('.jsonl'))
    .toSorted()
    .flatMap((name) => readFileSync(new URL(name, folder), 'utf8').split('\n'))
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as LabelledRequest)
}

const ANSWERS = {
  code: 'Here it is:\n```python\ndef total(xs):\n    return sum(xs)\n```\nIt adds up all numbers.',
  prose: 'The sea was calm that night, and Anna left the house without a word.',
}

/** The request as a classifier gets it: alone, or as the next turn of a conversation. */
export function messagesOf({ text, after }: LabelledRequest): readonly object[] {
  const asked = { role: 'user', content: text }
  if (after === undefined) return [asked]
  return [{ role: 'user', content: 'Hello' }, { role: 'assistant', content: ANSWERS[after] }, asked]
}

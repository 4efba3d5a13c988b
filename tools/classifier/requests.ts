import { readdirSync, readFileSync } from 'node:fs'
import type { Message } from '@openmux/core'

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

/** The sets there are. `test-set` is for measuring alone: nothing is trained or chosen by it. */
export type SetName = 'test-set' | 'training/by-hand'

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

/** One in this many requests written by hand is kept from training while settings are chosen. */
const TUNED_ON = 6

/** The requests written by hand, split by a hash of their words: what settings are chosen by, and the rest. */
export function splitForTuning(requests: readonly LabelledRequest[]): {
  readonly dev: readonly LabelledRequest[]
  readonly rest: readonly LabelledRequest[]
} {
  const isDev = ({ text }: LabelledRequest): boolean => hashOf(text) % TUNED_ON === 0
  return { dev: requests.filter(isDev), rest: requests.filter((request) => !isDev(request)) }
}

/** FNV-1a of the letters, mixed once more: its lowest bits alone are poor. */
function hashOf(text: string): number {
  let hash = 0x811c9dc5
  for (let at = 0; at < text.length; at += 1) hash = Math.imul(hash ^ text.charCodeAt(at), 0x01000193)
  return (hash ^ (hash >>> 15)) >>> 0
}

const ANSWERS = {
  code: 'Here it is:\n```python\ndef total(xs):\n    return sum(xs)\n```\nIt adds up all numbers.',
  prose: 'The sea was calm that night, and Anna left the house without a word.',
}

/** The request as a classifier gets it: alone, or as the next turn of a conversation. */
export function messagesOf({ text, after }: LabelledRequest): readonly Message[] {
  const asked: Message = { role: 'user', content: text }
  if (after === undefined) return [asked]
  return [{ role: 'user', content: 'Hello' }, { role: 'assistant', content: ANSWERS[after] }, asked]
}

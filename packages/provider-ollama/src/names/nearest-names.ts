import { distance } from 'fastest-levenshtein'
import { plainModelName } from './model-name.js'

const MOST = 3

/**
 * The names most like `wanted`, nearest first, at most three; empty when none is alike. A name that
 * begins like the wanted one counts as near whatever its tag: `qwen3:8b` for `qwen3:4b`.
 */
export function nearestNames(wanted: string, names: readonly string[]): readonly string[] {
  const target = plainModelName(wanted)
  return names
    .map((name) => ({ name: plainModelName(name), far: farness(target, plainModelName(name)) }))
    .filter(({ name, far }) => far <= Math.max(2, Math.floor(Math.max(target.length, name.length) * 0.4)))
    .toSorted((a, b) => a.far - b.far || a.name.localeCompare(b.name))
    .slice(0, MOST)
    .map(({ name }) => name)
}

function farness(wanted: string, name: string): number {
  const family = (text: string): string => text.split(':')[0] ?? text
  // One point for the tag, so that an equal name still comes first.
  const byFamily = distance(family(wanted), family(name)) + 1
  return Math.min(distance(wanted, name), byFamily)
}

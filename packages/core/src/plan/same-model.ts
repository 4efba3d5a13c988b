import { plainName } from './spelling.js'

/** Names that leave the choice to the back end. */
const ANY = new Set(['auto', 'free', 'default', 'latest', ''])

/**
 * Pure: whether a back end that was asked for one model and names another may mean the same: organisations, tags,
 * routing suffixes and dates come and go (`org/model:free`, `model-2026-01-31`).
 */
export function mayBeSameModel(asked: string, answered: string): boolean {
  const one = bareName(asked)
  const other = bareName(answered)
  return ANY.has(one) || ANY.has(other) || one.includes(other) || other.includes(one)
}

function bareName(id: string): string {
  const name = id.slice(id.lastIndexOf('/') + 1)
  return plainName(name.split(':')[0] ?? name)
}

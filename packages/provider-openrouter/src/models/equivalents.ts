import type { OpenRouterModel } from './openrouter-model.js'

const MOST = 3

/**
 * Living models that are most like one that is gone or misspelt, at most three. For a `:free` one only free ones, of
 * the same family first and else the best there are: nobody who asked for a free model wants to pay.
 * @param ranked the models in the order they would be recommended.
 */
export function livingEquivalents(gone: string, ranked: readonly OpenRouterModel[]): readonly string[] {
  const wantsFree = gone.endsWith(':free')
  const candidates = ranked.filter(({ card }) => card.id !== gone && (!wantsFree || card.free))
  const alike = candidates
    .map(({ card }, place) => ({ id: card.id, place, likeness: likeness(gone, card.id) }))
    .filter(({ likeness: like }) => like >= 2 || (wantsFree && like > 0))
    .toSorted((a, b) => b.likeness - a.likeness || a.place - b.place)
    .map(({ id }) => id)
  const others = wantsFree ? candidates.map(({ card }) => card.id).filter((id) => !alike.includes(id)) : []
  return [...alike, ...others].slice(0, MOST)
}

/** How many words of the name are shared: author and family count most because they come first. */
function likeness(first: string, second: string): number {
  const words = wordsOf(second)
  const shared = wordsOf(first).filter((word) => words.includes(word)).length
  const sameAuthor = authorOf(first) === authorOf(second) ? 1 : 0
  return shared === 0 ? sameAuthor : shared + sameAuthor
}

function authorOf(id: string): string {
  return id.split('/')[0]?.toLowerCase() ?? ''
}

/** Letters and numbers of the name are words of their own: `llama-3.3-70b` is llama, 3.3, 70b. */
function wordsOf(id: string): readonly string[] {
  const name = id.replace(/:[^:/]*$/, '').replace(/^[^/]*\//, '')
  return name
    .toLowerCase()
    .split(/[-_ ]|(?<=[a-z]{2})(?=\d)/)
    .filter((word) => word !== '' && !/^(?:instruct|chat|it|preview)$/.test(word))
}

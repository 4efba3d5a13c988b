/**
 * Families that did well in public comparisons, by the beginning of the id, the best first. A hint for the order among
 * free models and nothing more: what is not named here is chosen by size and age. Look again when the day is half a
 * year past: free models change by the week.
 */
export const QUALITY_HINTS = {
  asOf: '2026-08',
  families: [
    'z-ai/glm-5',
    'nvidia/nemotron-3-ultra',
    'nvidia/nemotron-3-super',
    'google/gemma-4-31b',
    'openai/gpt-oss',
    'google/gemma-4',
    'nvidia/nemotron-3',
  ],
} as const

/** Place of the family of a model; the number of families when it has none. Smaller is better. */
export function familyPlace(id: string): number {
  const place = QUALITY_HINTS.families.findIndex((family) => id.startsWith(family))
  return place === -1 ? QUALITY_HINTS.families.length : place
}

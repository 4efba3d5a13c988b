/** Packed by `tools/classifier/train.ts`: see `docs/classification.md`. */
export const WEIGHTS = ''

/** What the committed weights were trained with. */
export const SEED = 6
export const EXAMPLES = 180_000

/** Characters a token stands for, roughly, in scripts with and without letters. */
const LATIN_CHARACTERS_PER_TOKEN = 4

/** Tokens of a text, roughly: four characters each, one each for scripts written without spaces. */
export function estimateTokens(text: string): number {
  const dense = text.match(/[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]/g)?.length ?? 0
  return Math.ceil(dense + (text.length - dense) / LATIN_CHARACTERS_PER_TOKEN)
}

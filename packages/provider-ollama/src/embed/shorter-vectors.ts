import { plainModelName } from '../names/model-name.js'

/**
 * Model families whose makers trained them so that the first numbers of a vector stand alone
 * (Matryoshka learning), from their model cards. The server cuts any model's vectors when asked;
 * for others the result is worthless.
 */
const TRAINED_FOR_SHORTER = [
  /^nomic-embed-text(?::v?[\d.]+.*)?$/,
  /^nomic-embed-text-v(?:1\.5|2)/,
  /^mxbai-embed-large/,
  /^snowflake-arctic-embed2/,
  /^snowflake-arctic-embed:m-v?1\.5/,
  /^embeddinggemma/,
  /^qwen3-embedding/,
]

/** Whether shorter vectors of this model mean something. */
export function canShorten(model: string): boolean {
  const name = plainModelName(model).split('/').at(-1) ?? ''
  return TRAINED_FOR_SHORTER.some((family) => family.test(name))
}

import { isRecord } from '../json.js'
import type { Pooling } from '../worker/pooling.js'

/** Families whose ONNX repositories often leave `1_Pooling` out (transformers.js documentation of each). */
const BY_NAME: readonly (readonly [RegExp, Pooling])[] = [
  [/\bbge\b|^bge|snowflake|arctic-embed|mxbai/i, 'cls'],
  [/qwen3-embedding/i, 'last-token'],
  [/minilm|mpnet|\be5\b|^e5|multilingual-e5|gte|nomic|jina|embeddinggemma/i, 'mean'],
]

/**
 * How token vectors become one: by `1_Pooling/config.json` of sentence-transformers, else by the
 * family's name. `undefined` when neither says (mean is then used), or the way is one we cannot do.
 */
export function folderPooling(config: unknown, name: string): Pooling | undefined {
  if (isRecord(config)) {
    if (config['pooling_mode_mean_tokens'] === true) return 'mean'
    if (config['pooling_mode_cls_token'] === true) return 'cls'
    if (config['pooling_mode_lasttoken'] === true) return 'last-token'
  }
  return BY_NAME.find(([pattern]) => pattern.test(name))?.[1]
}

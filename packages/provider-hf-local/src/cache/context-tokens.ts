import { isRecord, positiveInteger } from '../json.js'

/** Tokenizers without a limit say so by absurd numbers (`1e30`). */
const ABSURD = 100_000_000

/**
 * The longest input of a model, in tokens: the smallest of what its files say. Names differ by
 * family: `max_position_embeddings` (Llama, BERT …), `n_positions` (GPT-2), `n_ctx`, `max_seq_len`;
 * models with several parts keep it below `text_config`.
 */
export function folderContextTokens(
  config: Readonly<Record<string, unknown>>,
  tokenizer: unknown,
  sentence: unknown,
): number | undefined {
  const text = isRecord(config['text_config']) ? config['text_config'] : config
  const limits = [
    positionsOf(text),
    isRecord(tokenizer) ? tokenizer['model_max_length'] : undefined,
    isRecord(sentence) ? sentence['max_seq_length'] : undefined,
  ]
  const known = limits
    .map(positiveInteger)
    .filter((limit): limit is number => limit !== undefined && limit < ABSURD)
  return known.length === 0 ? undefined : Math.min(...known)
}

function positionsOf(config: Readonly<Record<string, unknown>>): number | undefined {
  for (const name of [
    'max_position_embeddings',
    'n_positions',
    'n_ctx',
    'max_seq_len',
    'max_sequence_length',
  ]) {
    const positions = positiveInteger(config[name])
    // RoBERTa's positions start behind the padding token (`modeling_roberta.py`): two are lost.
    if (positions !== undefined)
      return /roberta/.test(String(config['model_type'])) ? positions - 2 : positions
  }
  return undefined
}

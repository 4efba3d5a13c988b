import type { FinishReason, Warning } from '@openmux/core'
import { encodeWithin } from './count-tokens.js'
import { Cancelled, WorkerProblem } from './failure.js'
import type { Loaded } from './load.js'
import { writePrompt } from './prompt.js'
import type { GenerateOrder } from './protocol.js'
import type { LogitsCallback, Runtime, StopCallback } from './runtime.js'
import { chooseToken, likeliestToken } from './sampling.js'
import { modelSampling } from './model-sampling.js'
import { seededRandom } from './seeded-random.js'
import { stopScanner } from './stop-texts.js'
import { textPieces } from './text-pieces.js'

/** Where an answer goes while it is made. */
export interface GenerateSink {
  started(inputTokens: number, warnings: readonly Warning[]): void
  text(text: string): void
}

/** How an answer ended. */
export interface Generated {
  readonly reason: FinishReason
  readonly rawReason: 'eos' | 'stop-text' | 'max-tokens' | 'window'
  readonly outputTokens: number
}

/** Generates one answer. Throws `Cancelled` at the first token after `cancelled()` has become true. */
export async function generate(
  runtime: Runtime,
  loaded: Loaded,
  order: GenerateOrder,
  sink: GenerateSink,
  cancelled: () => boolean,
): Promise<Generated> {
  const { tokenizer, model } = loaded
  const prompt = writePrompt(tokenizer, order)
  const limit = order.contextTokens - 1
  // The template has written the special tokens already.
  const ids = encodeWithin(tokenizer, prompt.text, { limit, specialTokens: false, what: 'The prompt' })
  if (cancelled()) throw new Cancelled()
  sink.started(ids.length, prompt.warnings)

  const room = order.contextTokens - ids.length
  const maxTokens = Math.min(order.maxTokens, room)
  const ends = endTokens(loaded)
  const sampling = modelSampling(order.sampling, model.generation_config)
  const random = seededRandom(order.seed ?? freshSeed())
  const pieces = textPieces((tokens) =>
    tokenizer.decode(tokens, { skip_special_tokens: true, clean_up_tokenization_spaces: false }),
  )
  const scanner = stopScanner([...order.stop, ...prompt.stop])
  let outputTokens = 0
  let ended: Generated['rawReason'] | undefined
  const show = (text: string): void => {
    if (text !== '') sink.text(text)
  }

  const choose: LogitsCallback = (_ids, logits) => {
    if (cancelled()) throw new Cancelled()
    const scores = logits.data
    if (!(scores instanceof Float32Array))
      throw new WorkerProblem({ kind: 'bad-output', message: 'scores are not float32' })
    const token = sampling.temperature > 0 ? chooseToken(scores, sampling, random) : likeliestToken(scores)
    if (token === -1) {
      throw new WorkerProblem({
        kind: 'bad-output',
        message: 'the model computed no usable number (NaN); try another dtype',
      })
    }
    // The library's greedy search then takes exactly the token chosen here.
    scores.fill(Number.NEGATIVE_INFINITY)
    scores[token] = 0
    return logits
  }
  const watch: StopCallback = (all) => {
    const token = Number(all[0]?.at(-1) ?? -1)
    outputTokens++
    if (ends.has(token)) ended = 'eos'
    else {
      const scanned = scanner.push(pieces.push(token))
      show(scanned.text)
      if (scanned.stopped) ended = 'stop-text'
      else if (outputTokens >= maxTokens) ended = maxTokens < order.maxTokens ? 'window' : 'max-tokens'
    }
    return [ended !== undefined]
  }
  const processors = new runtime.LogitsProcessorList()
  processors.push(choose)
  const criteria = new runtime.StoppingCriteriaList()
  criteria.push(watch)
  await model.generate({
    input_ids: new runtime.Tensor('int64', BigInt64Array.from(ids, BigInt), [1, ids.length]),
    attention_mask: new runtime.Tensor('int64', new BigInt64Array(ids.length).fill(1n), [1, ids.length]),
    max_new_tokens: maxTokens,
    do_sample: false,
    num_beams: 1,
    num_return_sequences: 1,
    logits_processor: processors,
    stopping_criteria: criteria,
  })
  if (ended !== 'stop-text') {
    const rest = scanner.push(pieces.flush())
    show(rest.text)
    if (rest.stopped) ended = 'stop-text'
    else show(scanner.flush())
  }
  const rawReason = ended ?? 'max-tokens'
  return {
    reason: rawReason === 'eos' || rawReason === 'stop-text' ? 'stop' : 'length',
    rawReason,
    outputTokens,
  }
}

/** Every token that ends an answer: `eos_token_id` is a number or a list, in either config or the tokenizer. */
function endTokens({ model, tokenizer }: Loaded): ReadonlySet<number> {
  const named = [
    model.generation_config?.['eos_token_id'],
    model.config['eos_token_id'],
    tokenizer.eos_token_id,
  ]
  return new Set(named.flat().filter((token): token is number => typeof token === 'number'))
}

function freshSeed(): number {
  return crypto.getRandomValues(new Uint32Array(1))[0] ?? 0
}

import type { Task } from '@openmux/core'

/** Names by which embedding models go, where a list says nothing but the name. */
const EMBEDS =
  /embed|(?:^|[/_-])(?:bge|gte|e5|minilm|all-mpnet|arctic-l|stella|uae|ember|labse|voyage|m2-bert|sentence-t5)(?:[-_.:@\d]|$)/i

/** Names of models that neither chat nor embed: speech, pictures, ranking, moderation, reading of scans. */
const OTHER =
  /whisper|\btts\b|-tts|speech|transcri|orpheus|playai|dall-?e|stable-?diffusion|sdxl|\bflux|imagen|\bsora\b|rerank|moderation|(?:^|[/_-])(?:llama-)?(?:prompt-)?guard|shieldgemma|\bocr\b|-ocr|omni-mod|text-(?:davinci|curie|babbage|ada)|^(?:davinci|babbage)-00/i

/** Names of models made for code. */
const CODES = /cod(?:e|er|ing)|devstral|starcoder|granite-code/i

/** The tasks of a model by its name alone; empty for what neither chats nor embeds. */
export function tasksByName(id: string): readonly Task[] {
  if (OTHER.test(id)) return []
  return EMBEDS.test(id) ? ['embeddings'] : ['chat', 'code']
}

/** Whether a model is made for code, by its name. */
export function codesByName(id: string): boolean {
  return CODES.test(id)
}

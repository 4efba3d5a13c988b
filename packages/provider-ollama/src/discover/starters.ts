import type { Task } from '@openmux/core'

/** A model to begin with. */
export interface Starter {
  readonly name: string
  readonly tasks: readonly Task[]
  /** What `ollama pull` fetches, about. */
  readonly sizeBytes: number
}

/**
 * Small models for each task, to begin with. Names and sizes by https://ollama.com/library in August 2026; the library
 * cannot be asked by programs, so this is a list and not a finding, and `discover` says so.
 */
export const STARTERS: readonly Starter[] = [
  { name: 'llama3.2:1b', tasks: ['chat', 'code'], sizeBytes: 1_300_000_000 },
  { name: 'qwen3:0.6b', tasks: ['chat', 'code'], sizeBytes: 523_000_000 },
  { name: 'qwen2.5-coder:1.5b', tasks: ['code', 'chat'], sizeBytes: 986_000_000 },
  { name: 'nomic-embed-text', tasks: ['embeddings'], sizeBytes: 274_000_000 },
  { name: 'all-minilm', tasks: ['embeddings'], sizeBytes: 46_000_000 },
]

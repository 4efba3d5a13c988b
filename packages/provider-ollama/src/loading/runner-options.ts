import type { JsonObject } from '@openmux/http'

/**
 * The options a model is loaded by (Ollama api/types.go, Runner), without `num_ctx`: a request whose
 * values differ from those of the instance in memory makes the server load anew.
 */
const LOADED_BY: readonly string[] = ['num_batch', 'num_gpu', 'main_gpu', 'use_mmap', 'num_thread']

/** The part of `options` that has to be equal in the load and in the requests after it. */
export function runnerOptions(options: JsonObject | undefined): JsonObject {
  const entries = Object.entries(options ?? {}).filter(([name]) => LOADED_BY.includes(name))
  return Object.fromEntries(entries.toSorted(([a], [b]) => a.localeCompare(b)))
}

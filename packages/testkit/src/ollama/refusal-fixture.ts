import type { ErrorCode } from '@openmux/core'

/**
 * How sure a fixture is. `verified`: read in the named source or seen from a real 0.24.0.
 * `captured`: published by others who saw it. `uncertain`: inferred.
 */
export type FixtureMark = 'verified' | 'captured' | 'uncertain'

/** One refusal of an Ollama server as it goes over the wire. */
export interface OllamaFixture {
  readonly name: string
  readonly source: string
  readonly mark: FixtureMark
  readonly path: string
  readonly status: number
  readonly body: string
  readonly contentType?: string
  /** What it means to OpenMux. */
  readonly code: ErrorCode
}

/** The body of most refusals. */
export function errorBody(text: string): string {
  return JSON.stringify({ error: text })
}

/** The path most of them are met at. */
export const CHAT_PATH = '/api/chat'

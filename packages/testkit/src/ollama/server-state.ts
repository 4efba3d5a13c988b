import type { ChatScript, Refusal } from './chat-script.js'
import { type DoubleModel, type FullModel, fullModel, withTag } from './double-model.js'
import type { GateKeeper } from './load-gate.js'
import { versionTraits, type VersionTraits } from './server-version.js'

/** The default window of a server without a large GPU (ollama/ollama docs/context-length.mdx). */
const DEFAULT_CONTEXT = 4_096

/** An instance in memory. */
export interface LoadedModel {
  readonly name: string
  readonly contextTokens: number
}

/** Everything a double remembers. */
export interface ServerState {
  version: string
  installed: Map<string, FullModel>
  loaded: Map<string, LoadedModel>
  /** Loads that came to their end, in order. */
  loads: LoadedModel[]
  chatScripts: ChatScript[]
  /** For every chat when no script of the queue is left. */
  usualChat: ChatScript | undefined
  /** What every model answers, as a whole. */
  knownAnswer: string | undefined
  /** By path: the next answers there, one a request. */
  refusals: Map<string, Refusal[]>
  /** By path: every answer there. */
  outages: Map<string, Refusal>
  /** Embedding answers leave out the last vector. */
  dropsVector: boolean
  silentPaths: Set<string>
  gate: GateKeeper | undefined
  /** By model: the text every load fails with. */
  loadErrors: Map<string, string>
  pullScript: readonly Readonly<Record<string, unknown>>[] | undefined
  calls: number
}

/** A server that has `models` and nothing in memory. */
export function freshState(version: string, models: readonly DoubleModel[]): ServerState {
  return {
    version,
    installed: new Map(models.map((model) => [keyOf(model.name), fullModel(model)])),
    loaded: new Map(),
    loads: [],
    chatScripts: [],
    usualChat: undefined,
    knownAnswer: undefined,
    refusals: new Map(),
    outages: new Map(),
    dropsVector: false,
    silentPaths: new Set(),
    gate: undefined,
    loadErrors: new Map(),
    pullScript: undefined,
    calls: 0,
  }
}

/** Names are matched without regard to case. */
export function keyOf(name: string): string {
  return withTag(name.trim()).toLowerCase()
}

export function traitsOf(state: ServerState): VersionTraits {
  return versionTraits(state.version)
}

/** The window a request asks for, as the server works it out: request, Modelfile, default; no more than the model has. */
export function contextFor(model: FullModel, asked: unknown): number {
  const wanted = typeof asked === 'number' ? asked : (model.modelfileContextTokens ?? DEFAULT_CONTEXT)
  return Math.min(Math.max(4, Math.trunc(wanted)), model.contextTokens)
}

/**
 * Sees that a model is in memory with a window; another window means a load (server/sched.go, needsReload).
 * Gives the text of the error when the load fails; rejects when the client leaves, and then
 * nothing is loaded: the real server gives up the load too.
 */
export async function ensureLoaded(
  state: ServerState,
  model: FullModel,
  contextTokens: number,
  signal: AbortSignal,
): Promise<string | undefined> {
  const key = keyOf(model.name)
  if (state.loaded.get(key)?.contextTokens === contextTokens) return undefined
  state.loaded.delete(key)
  const failure = (await state.gate?.pass(signal)) ?? state.loadErrors.get(key)
  if (failure !== undefined) return failure
  const instance = { name: model.name, contextTokens }
  state.loaded.set(key, instance)
  state.loads.push(instance)
  return undefined
}

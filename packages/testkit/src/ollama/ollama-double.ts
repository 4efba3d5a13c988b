import type { RequestHandler } from 'msw'
import { chatRoute } from './chat-route.js'
import type { ChatScript, Refusal } from './chat-script.js'
import { type DoubleModel, fullModel, STOCK_MODELS } from './double-model.js'
import { embedRoute } from './embed-route.js'
import { listRoutes } from './list-routes.js'
import { createLoadGate, type LoadGate } from './load-gate.js'
import { manageRoutes } from './manage-routes.js'
import { contextFor, freshState, keyOf, type LoadedModel } from './server-state.js'

/** The routes a test can arrange something for. */
export type OllamaPath =
  | '/api/version'
  | '/api/tags'
  | '/api/ps'
  | '/api/show'
  | '/api/chat'
  | '/api/embed'
  | '/api/pull'
  | '/api/delete'
  | '/api/generate'

/** Options of {@link ollamaDouble}. */
export interface OllamaDoubleOptions {
  /** The version it plays. Default `0.24.0`; from `0.30.0` on with the newer shapes and words. */
  readonly version?: string
  /** Default: {@link STOCK_MODELS}. */
  readonly models?: readonly DoubleModel[]
}

/** An Ollama server played by MSW handlers, with its state in a test's hands. */
export interface OllamaDouble {
  /** For `interceptHandlers` and `serveHandlers`; they match any host. */
  readonly handlers: readonly RequestHandler[]
  /** Back to the beginning: models, memory, scripts. */
  reset(): void
  install(model: DoubleModel): void
  uninstall(name: string): void
  /** Puts a model into memory without a request; with the server's default window unless told. */
  putInMemory(name: string, contextTokens?: number): void
  /** Takes a model out of memory, as the server does for another one. */
  evict(name: string): void
  /** The models in memory. */
  readonly inMemory: readonly LoadedModel[]
  /** Every load that came to its end. A changed window is a load too. */
  readonly loads: readonly LoadedModel[]
  /** From now on loads wait at the gate. */
  holdLoads(): LoadGate
  /** Every load of this model fails with this text, status 500. */
  failLoads(name: string, text: string): void
  /** The next chats go like this, one script each. */
  nextChats(...scripts: readonly ChatScript[]): void
  /** Every chat goes like this; undefined: by echo again. */
  everyChat(script: ChatScript | undefined): void
  /**
   * Every model's answer to anything is this text; where the conversation ends with an assistant message and the
   * model's template leaves that open, what follows it there.
   */
  knowAnswer(whole: string): void
  /** The next request to a path gets this answer. */
  refuseNext(path: OllamaPath, refusal: Refusal): void
  /** Every request to a path gets this answer; undefined: no longer. */
  refuse(path: OllamaPath, refusal: Refusal | undefined): void
  /** No headers from this path, until clients leave. */
  silence(path: OllamaPath): void
  /** The lines of every pull. */
  scriptPull(lines: readonly Readonly<Record<string, unknown>>[]): void
  /** Embeddings leave out the last vector. */
  dropVector(): void
}

/**
 * Makes a double of an Ollama server: version, tags, ps, show, chat, embed, pull, delete, and the
 * part of generate that loads and unloads. Faithful to 0.24.0 in shapes, statuses and words, which a
 * test compares with a real server; its answers are echoes.
 */
export function ollamaDouble({
  version = '0.24.0',
  models = STOCK_MODELS,
}: OllamaDoubleOptions = {}): OllamaDouble {
  let state = freshState(version, models)
  const now = () => state
  return {
    handlers: [...listRoutes(now), chatRoute(now), embedRoute(now), ...manageRoutes(now)],
    reset() {
      // Loads of an earlier test must not hang at its gate.
      state.gate?.open('the double was reset')
      state = freshState(version, models)
    },
    install: (model) => void state.installed.set(keyOf(model.name), fullModel(model)),
    uninstall(name) {
      state.installed.delete(keyOf(name))
      state.loaded.delete(keyOf(name))
    },
    putInMemory(name, contextTokens) {
      const model = state.installed.get(keyOf(name))
      if (model === undefined) throw new Error(`The double has no model ${name}`)
      state.loaded.set(keyOf(name), { name: model.name, contextTokens: contextFor(model, contextTokens) })
    },
    evict: (name) => void state.loaded.delete(keyOf(name)),
    get inMemory() {
      return [...state.loaded.values()]
    },
    get loads() {
      return state.loads
    },
    holdLoads() {
      const gate = createLoadGate()
      state.gate = gate
      return gate
    },
    failLoads: (name, text) => void state.loadErrors.set(keyOf(name), text),
    nextChats: (...scripts) => void state.chatScripts.push(...scripts),
    everyChat(script) {
      state.usualChat = script
    },
    knowAnswer(whole) {
      state.knownAnswer = whole
    },
    refuseNext(path, refusal) {
      state.refusals.set(path, [...(state.refusals.get(path) ?? []), refusal])
    },
    refuse(path, refusal) {
      if (refusal === undefined) state.outages.delete(path)
      else state.outages.set(path, refusal)
    },
    silence: (path) => void state.silentPaths.add(path),
    scriptPull(lines) {
      state.pullScript = lines
    },
    dropVector() {
      state.dropsVector = true
    },
  }
}

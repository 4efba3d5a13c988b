export type { ChatEnding, ChatScript, Refusal } from './chat-script.js'
export { type DoubleModel, STOCK_MODELS } from './double-model.js'
export type { LoadGate } from './load-gate.js'
export {
  type OllamaDouble,
  ollamaDouble,
  type OllamaDoubleOptions,
  type OllamaPath,
} from './ollama-double.js'
export type { LoadedModel } from './server-state.js'

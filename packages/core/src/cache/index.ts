export type { AnswerCache, CachedEntry, CacheSize } from './answer-cache.js'
export type { CachedMark } from '../orchestrator/results.js'
export type { CacheSetup, CacheUse, CacheWishes } from './cache-request.js'
export { memoryCache, type MemoryCacheOptions } from './memory-cache.js'
export {
  semanticCache,
  type SemanticCache,
  type SemanticCacheOptions,
  type SemanticHit,
} from './semantic-cache.js'
export { embedWith } from './similar-answers.js'
export { type CachedOpenMux, withCache, type WithCacheOptions } from './with-cache.js'

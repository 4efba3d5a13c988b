import type { TaskChoice } from '../classify/task-choice.js'
import type { EmbeddingSpace } from '../contract/embedding-space.js'
import type { EmbedRequest } from '../contract/embed-request.js'
import type { RoutingOptions } from './chat-input.js'

/** An embedding request. */
export interface EmbedInput extends RoutingOptions, Omit<EmbedRequest, 'model' | 'inputs' | 'localOnly'> {
  /** One text or several; vectors come back in this order. */
  readonly input: string | readonly string[]
  /** Only accept vectors of this space: for people with an index to protect. */
  readonly space?: EmbeddingSpace
}

/** A call for vectors says itself what it is. */
export const EMBEDDINGS: TaskChoice = { task: 'embeddings', reason: 'given by the caller' }

import type { FinishReason, Warning } from '@openmux/core'
import type { Pooling } from './pooling.js'
import type { SamplingSettings } from './sampling.js'

/** Which model a worker is to hold, and how. One worker holds one model for its whole life. */
export interface LoadOrder {
  /** Absolute path of the folder that holds `config.json`. */
  readonly folder: string
  readonly task: 'chat' | 'embeddings'
  /** Devices to try, in this order. */
  readonly devices: readonly string[]
  readonly dtype: string
  /** Base name of the weights below `onnx/`, without dtype and ending, when it is not the usual one. */
  readonly fileName?: string
  readonly threads: number
  /** Module specifier or file URL of the runtime. */
  readonly runtime: string
}

/** What the worker found out about its model. */
export interface LoadedModel {
  readonly device: string
  readonly hasChatTemplate: boolean
}

/** One message in the words of chat templates (Hugging Face chat templating guide). */
export interface TemplateMessage {
  readonly role: 'system' | 'user' | 'assistant'
  readonly content: string
}

/** One answer to generate. */
export interface GenerateOrder {
  readonly messages: readonly TemplateMessage[]
  /** Extra variables of the chat template, e.g. `enable_thinking`. */
  readonly templateOptions: Readonly<Record<string, unknown>>
  /** Absent members are taken from the model's own `generation_config.json`. */
  readonly sampling: Partial<SamplingSettings>
  readonly seed?: number
  readonly stop: readonly string[]
  readonly maxTokens: number
  /** Prompt and answer together must fit into this. */
  readonly contextTokens: number
}

/** Texts to turn into vectors. */
export interface EmbedOrder {
  readonly inputs: readonly string[]
  readonly pooling: Pooling
  readonly normalize: boolean
  readonly contextTokens: number
  /** Texts computed together. */
  readonly batchSize: number
}

/** A failure inside the worker; the other side makes a typed error of it. */
export interface WorkerFailure {
  readonly kind:
    | 'missing-runtime'
    | 'broken-runtime'
    | 'broken-model'
    | 'device'
    | 'context-too-long'
    | 'template'
    | 'wrong-task'
    | 'bad-output'
    | 'failed'
  readonly message: string
  /** Index of the input concerned. */
  readonly input?: number
}

/** What the provider tells its worker. `cancel[0]` becomes 1 when the caller leaves. */
export type WorkerOrder =
  | { readonly type: 'load'; readonly id: number; readonly order: LoadOrder }
  | {
      readonly type: 'generate'
      readonly id: number
      readonly order: GenerateOrder
      readonly cancel: Int32Array
    }
  | { readonly type: 'embed'; readonly id: number; readonly order: EmbedOrder; readonly cancel: Int32Array }
  /** Loads the runtime and no model. */
  | { readonly type: 'check'; readonly id: number; readonly runtime: string }

/** What a worker answers; `id` is that of the order. */
export type WorkerAnswer =
  | { readonly type: 'loaded'; readonly id: number; readonly model: LoadedModel }
  | {
      readonly type: 'started'
      readonly id: number
      readonly inputTokens: number
      readonly warnings: readonly Warning[]
    }
  | { readonly type: 'text'; readonly id: number; readonly text: string }
  | {
      readonly type: 'finished'
      readonly id: number
      readonly reason: FinishReason
      readonly rawReason: string
      readonly outputTokens: number
    }
  | {
      readonly type: 'embedded'
      readonly id: number
      readonly data: Float32Array
      readonly dimensions: number
      readonly inputTokens: number
    }
  | { readonly type: 'checked'; readonly id: number; readonly version: string }
  | { readonly type: 'cancelled'; readonly id: number }
  | { readonly type: 'failed'; readonly id: number; readonly failure: WorkerFailure }

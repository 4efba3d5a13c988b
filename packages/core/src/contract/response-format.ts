import type { JsonSchema } from './tool.js'

/** The form the answer must take. Default: `text`. */
export type ResponseFormat =
  | { readonly type: 'text' }
  | { readonly type: 'json' }
  | { readonly type: 'json-schema'; readonly schema: JsonSchema; readonly name?: string }

/** A JSON Schema, as plain data. */
export type JsonSchema = Readonly<Record<string, unknown>>

/** A function the model may call. */
export interface Tool {
  readonly name: string
  readonly description?: string
  /** JSON Schema of the arguments object. */
  readonly parameters: JsonSchema
}

/** `auto`: the model decides. `none`: no call. `required`: at least one call. Or exactly one named tool. */
export type ToolChoice = 'auto' | 'none' | 'required' | { readonly name: string }

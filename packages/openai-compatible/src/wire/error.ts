/** An error body: all four members are there, `message` is a text (openai-openapi 2.3.0, ErrorResponse). */
export interface WireError {
  readonly error: {
    readonly message: string
    readonly type: string
    readonly param: string | null
    readonly code: string | null
  }
}

/**
 * Where servers that speak the format differ, as plain data. Absent members mean what
 * {@link DEFAULT_QUIRKS} says.
 */
export interface OpenAIQuirks {
  /** The name of the limit on generated tokens. Ollama's `/v1` ignores the newer one, OpenAI's newer models refuse the older one. */
  readonly maxTokensField: 'max_tokens' | 'max_completion_tokens'
  /**
   * Usage of a stream. `ask`: by `stream_options.include_usage`. `always`: it comes unasked, and asking may be
   * refused. `never`: there is none, nothing is waited for.
   */
  readonly streamUsage: 'ask' | 'always' | 'never'
  /** How a JSON Schema is sent. `json-object-schema`: as `schema` beside the type `json_object`. `none`: it cannot be. */
  readonly jsonSchema: 'json-schema' | 'json-object-schema' | 'none'
  /** `false`: for servers without `response_format: json_object` (LM Studio); a schema of any object is sent instead. */
  readonly jsonObject: boolean
  /**
   * `strict` of a schema. `when-possible`: true exactly when the schema is one that OpenAI's strict mode takes
   * (closed objects, all members required), so that an open one is not refused. `never`: left out.
   */
  readonly strictSchema: 'when-possible' | 'always' | 'never'
  /** The role of system messages. */
  readonly systemRole: 'system' | 'developer'
  /** The word that forces some tool call; `none`: there is none. */
  readonly requiredToolChoice: 'required' | 'any' | 'none'
  /** Whether one tool can be forced by its name; else only that one is sent, with the word that forces a call. */
  readonly namedToolChoice: boolean
  /** Which images are taken: addresses and data, only data (Ollama), or none. */
  readonly images: 'any' | 'data' | 'none'
  /** The name of the seed; `none`: there is none. */
  readonly seedField: 'seed' | 'random_seed' | 'none'
  /** How an effort is asked for: `reasoning_effort: "high"`, `reasoning: {effort: "high"}` (OpenRouter), or not at all. */
  readonly reasoning: 'effort' | 'object' | 'none'
  /** The effort that asks for no thinking; `none`: it cannot be turned off. */
  readonly reasoningOff: string | null
  /** The member in which earlier thinking is sent back; `none`: it is not. */
  readonly reasoningBack: 'reasoning_content' | 'reasoning' | 'none'
  /**
   * How an assistant message at the end of a conversation is sent, where `supports.prefill` says that it is continued.
   * `as-is`: its place is enough. `continue-final-message`: the body says so, by `continue_final_message` with
   * `add_generation_prompt` off (vLLM).
   */
  readonly prefill: 'as-is' | 'continue-final-message'
  /** Most stop texts in one request; more are refused with `unsupported`. 0: no limit. */
  readonly maxStops: number
  /** What tool call ids must look like. Mistral: nine letters or digits; others are rewritten, the same way every time. */
  readonly toolCallIds: 'any' | 'nine-alphanumeric'
  /** `false`: ids of answers are not unique (Ollama counts to 998), so none is told. */
  readonly uniqueResponseIds: boolean
  /** What is asked for with embeddings; answers are read in either form. `none`: the field is left out. */
  readonly embeddingEncoding: 'float' | 'base64' | 'none'
}

/** A server that does what OpenAI documents, with the older name for the token limit, which is the one all know. */
export const DEFAULT_QUIRKS: OpenAIQuirks = {
  maxTokensField: 'max_tokens',
  streamUsage: 'ask',
  jsonSchema: 'json-schema',
  jsonObject: true,
  strictSchema: 'when-possible',
  systemRole: 'system',
  requiredToolChoice: 'required',
  namedToolChoice: true,
  images: 'any',
  seedField: 'seed',
  reasoning: 'effort',
  reasoningOff: 'none',
  reasoningBack: 'none',
  prefill: 'as-is',
  maxStops: 0,
  toolCallIds: 'any',
  uniqueResponseIds: true,
  embeddingEncoding: 'float',
}

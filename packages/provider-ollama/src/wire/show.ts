import { defined, objectOf, positiveOf, textOf } from '@openmux/http'
import {
  type OllamaModelDetails,
  parameterCount,
  readCapabilities,
  readModelDetails,
} from './model-details.js'

/** What `POST /api/show` says about one model. Members the server does not tell are absent. */
export interface OllamaModelInfo extends OllamaModelDetails {
  /** `completion`, `tools`, `vision`, `thinking`, `embedding`, `insert` …; absent on servers before 0.6.4. */
  readonly capabilities?: readonly string[]
  readonly architecture?: string
  /** Longest window the model was trained for, in tokens. */
  readonly contextTokens?: number
  readonly embeddingLength?: number
  /** How token vectors become one: llama.cpp's number, 1 mean, 2 cls, 3 last token. */
  readonly poolingType?: number
  readonly parameters?: number
  /** `num_ctx` of the model's Modelfile. */
  readonly modelfileContextTokens?: number
  /** The system prompt of the Modelfile. */
  readonly system?: string
  readonly template?: string
  /** What of the server's own writes prompts in place of the template (`RENDERER` of the Modelfile). */
  readonly renderer?: string
  readonly license?: string
  readonly remoteHost?: string
  readonly remoteModel?: string
}

/** Reads the answer of `POST /api/show`; undefined when it is not one. */
export function readShow(value: unknown): OllamaModelInfo | undefined {
  const answer = objectOf(value)
  if (answer === undefined) return undefined
  const details = readModelDetails(answer['details'])
  const info = objectOf(answer['model_info']) ?? {}
  const architecture = textOf(info['general.architecture'])
  // The keys begin with the architecture's name, `qwen3.context_length` (docs/api.md).
  const own = (key: string): number | undefined =>
    architecture === undefined ? undefined : positiveOf(info[`${architecture}.${key}`])
  return defined({
    ...details,
    capabilities: readCapabilities(answer['capabilities']),
    architecture,
    contextTokens: own('context_length'),
    embeddingLength: own('embedding_length'),
    // Some conversions write this one key without the architecture (convert/convert_nomicbert.go).
    poolingType: own('pooling_type') ?? positiveOf(info['pooling_type']),
    parameters: positiveOf(info['general.parameter_count']) ?? parameterCount(details.parameterSize),
    modelfileContextTokens: modelfileContext(answer['parameters']),
    system: textOf(answer['system']),
    template: textOf(answer['template']),
    renderer: /^RENDERER\s+(\S+)/m.exec(textOf(answer['modelfile']) ?? '')?.[1],
    license: textOf(answer['license']),
    remoteHost: textOf(answer['remote_host']),
    remoteModel: textOf(answer['remote_model']),
  })
}

/** `parameters` is text, one `name    value` a line (Ollama server/routes.go, GetModelInfo). */
function modelfileContext(parameters: unknown): number | undefined {
  const [, tokens] = /^num_ctx\s+(\d+)\s*$/m.exec(textOf(parameters) ?? '') ?? []
  return tokens === undefined ? undefined : positiveOf(Number(tokens))
}

/** A model the double has. Everything but `name` has a default. */
export interface DoubleModel {
  /** With its tag: `llama3.2:1b`. */
  readonly name: string
  /** Default: `completion`. */
  readonly capabilities?: readonly string[]
  readonly family?: string
  /** Longest window, in tokens. Default 32,768. */
  readonly contextTokens?: number
  /** Length of its vectors. Default 64. */
  readonly embeddingLength?: number
  /** llama.cpp's number of the pooling, for embedding models. */
  readonly poolingType?: number
  readonly sizeBytes?: number
  /** As the server writes it. Default `1.2B`. */
  readonly parameterSize?: string
  readonly quantization?: string
  readonly template?: string
  readonly system?: string
  /** `num_ctx` of its Modelfile. */
  readonly modelfileContextTokens?: number
  /** 64 hexadecimal digits. Default: made from the name. */
  readonly digest?: string
  readonly remoteHost?: string
  readonly remoteModel?: string
}

/** A template that leaves the last assistant message open, so that it is continued. */
const OPEN_TEMPLATE =
  '{{- range $i, $_ := .Messages }}{{- $last := eq (len (slice $.Messages $i)) 1 }}<|{{ .Role }}|>{{ .Content }}{{ if not $last }}<|end|>{{ end }}{{ end }}'

/** A template that closes every message, so that the model begins anew after an assistant message. */
const CLOSED_TEMPLATE =
  '{{- range .Messages }}<|im_start|>{{ .Role }}\n{{ .Content }}<|im_end|>\n{{ end }}<|im_start|>assistant\n'

/** The models a double begins with: one of each kind. */
export const STOCK_MODELS: readonly DoubleModel[] = [
  {
    name: 'llama3.2:1b',
    capabilities: ['completion', 'tools'],
    family: 'llama',
    contextTokens: 131_072,
    sizeBytes: 1_321_098_329,
    template: OPEN_TEMPLATE,
  },
  {
    name: 'qwen3:0.6b',
    capabilities: ['completion', 'tools', 'thinking'],
    family: 'qwen3',
    contextTokens: 40_960,
    sizeBytes: 522_653_767,
    parameterSize: '751.63M',
    template: CLOSED_TEMPLATE,
  },
  {
    name: 'gemma3:4b',
    capabilities: ['completion', 'vision'],
    family: 'gemma3',
    contextTokens: 131_072,
    sizeBytes: 3_338_801_804,
    parameterSize: '4.3B',
  },
  {
    name: 'qwen2.5-coder:1.5b',
    capabilities: ['completion', 'tools', 'insert'],
    family: 'qwen2',
    contextTokens: 32_768,
    sizeBytes: 986_062_089,
    parameterSize: '1.5B',
  },
  {
    name: 'nomic-embed-text:latest',
    capabilities: ['embedding'],
    family: 'nomic-bert',
    contextTokens: 2_048,
    sizeBytes: 274_302_450,
    parameterSize: '137M',
    quantization: 'F16',
    poolingType: 1,
  },
]

/** A model with all defaults filled in. */
export type FullModel = Required<Omit<DoubleModel, OptionalMember>> & Pick<DoubleModel, OptionalMember>

type OptionalMember = 'poolingType' | 'system' | 'modelfileContextTokens' | 'remoteHost' | 'remoteModel'

/** `model` with its defaults. */
export function fullModel(model: DoubleModel): FullModel {
  return {
    capabilities: ['completion'],
    family: 'llama',
    contextTokens: 32_768,
    embeddingLength: 64,
    sizeBytes: 1_000_000_000,
    parameterSize: '1.2B',
    quantization: 'Q4_K_M',
    template: '{{ .Prompt }}',
    digest: digestOf(model.name),
    ...model,
    name: withTag(model.name),
  }
}

/** The name as the server writes it: with its tag. */
export function withTag(name: string): string {
  return name.lastIndexOf(':') > name.lastIndexOf('/') ? name : `${name}:latest`
}

function digestOf(name: string): string {
  const bytes = [...new TextEncoder().encode(withTag(name))].map((byte) => byte.toString(16).padStart(2, '0'))
  return bytes.join('').padEnd(64, '0').slice(-64)
}

import { isRecord } from './json.js'

/** Devices the runtime knows on Node (transformers.js `backends/onnx.js`). */
export type Device = 'cpu' | 'cuda' | 'webgpu' | 'dml' | 'coreml'

/** Forms of the weights, with the end of their file names (transformers.js `utils/dtypes.js`). */
export const DTYPE_SUFFIXES = {
  fp32: '',
  fp16: '_fp16',
  q8: '_quantized',
  int8: '_int8',
  uint8: '_uint8',
  q4: '_q4',
  q4f16: '_q4f16',
  bnb4: '_bnb4',
  q2: '_q2',
  q2f16: '_q2f16',
  q1: '_q1',
  q1f16: '_q1f16',
} as const

/** A form of the weights. */
export type Dtype = keyof typeof DTYPE_SUFFIXES

/** Small and exact enough first; half floats last on a CPU, which has to widen every one of them. */
const PREFERRED: Readonly<Record<'cpu' | 'other', readonly Dtype[]>> = {
  cpu: ['q8', 'int8', 'uint8', 'q4', 'bnb4', 'fp32', 'q4f16', 'fp16', 'q2', 'q2f16', 'q1', 'q1f16'],
  other: ['q4f16', 'fp16', 'q4', 'fp32', 'q8', 'int8', 'uint8', 'bnb4', 'q2f16', 'q2', 'q1f16', 'q1'],
}

/** Weights of one form, and all files they consist of, below `onnx/`. */
export interface WeightsFile {
  readonly dtype: Dtype
  /** `model`, or `decoder_model_merged` for models of several parts. */
  readonly base: string
  readonly files: readonly string[]
  readonly bytes: number
}

/**
 * The forms of weights in a folder or repository, from the names below `onnx/` and their sizes. A
 * form counts only when it is whole: all parts, and the external data that `config.json` announces
 * (a missing one makes the library hang, `utils/model-loader.js`).
 */
export function weightsFiles(
  sizes: ReadonlyMap<string, number>,
  config: Readonly<Record<string, unknown>>,
): readonly WeightsFile[] {
  const found: WeightsFile[] = []
  for (const [dtype, suffix] of Object.entries(DTYPE_SUFFIXES) as [Dtype, string][]) {
    for (const parts of [['model'], ['decoder_model_merged', 'embed_tokens']]) {
      const mains = parts.map((part) => `${part}${suffix}.onnx`)
      const needed = mains.flatMap((main, place) => [
        main,
        ...announcedData(main, parts[place] ?? '', config),
      ])
      if (!needed.every((name) => sizes.has(name))) continue
      const beside = [...sizes.keys()].filter((name) => mains.some((main) => name.startsWith(`${main}_data`)))
      const files = [...new Set([...needed, ...beside])]
      const bytes = files.reduce((sum, name) => sum + (sizes.get(name) ?? 0), 0)
      found.push({ dtype, base: parts[0] ?? 'model', files, bytes })
      break
    }
  }
  return found
}

/** Names of the external data files of one graph, as `resolveExternalDataFormat` counts them. */
function announcedData(file: string, part: string, config: Readonly<Record<string, unknown>>): string[] {
  const custom = config['transformers.js_config']
  const format = isRecord(custom) ? custom['use_external_data_format'] : undefined
  const own = isRecord(format) ? (format[file] ?? format[part]) : format
  const count = own === true ? 1 : typeof own === 'number' && Number.isInteger(own) && own > 0 ? own : 0
  return Array.from({ length: count }, (_unused, place) => `${file}_data${place === 0 ? '' : `_${place}`}`)
}

/** The form to take: the one asked for, else the first preferred one there is. */
export function chooseDtype(
  weights: readonly WeightsFile[],
  device: Device,
  asked: Dtype | undefined,
): WeightsFile | undefined {
  if (asked !== undefined) return weights.find((file) => file.dtype === asked)
  for (const dtype of PREFERRED[device === 'cpu' ? 'cpu' : 'other']) {
    const file = weights.find((candidate) => candidate.dtype === dtype)
    if (file !== undefined) return file
  }
  return undefined
}

/** What the runtime can have on a platform (transformers.js `backends/onnx.js`, onnxruntime-node's table of binaries). */
export function devicesOf(platform: string, arch: string): readonly Device[] {
  if (platform === 'win32') return ['dml', 'webgpu', 'cpu']
  if (platform === 'darwin') return ['coreml', 'webgpu', 'cpu']
  if (platform === 'linux') return arch === 'x64' ? ['cuda', 'webgpu', 'cpu'] : ['cpu']
  return ['cpu']
}

/**
 * Devices to try, in order. `cpu` is the default. `auto` adds only what fails in an orderly way when
 * its drivers are missing (`cuda`, `dml`), with the CPU behind it; WebGPU is experimental on Node and
 * CoreML refuses most decoders, so these must be asked for. Asking for one means that one.
 */
export function deviceOrder(asked: Device | 'auto', platform: string, arch: string): readonly Device[] {
  if (asked !== 'auto') return [asked]
  return devicesOf(platform, arch).filter(
    (device) => device === 'cuda' || device === 'dml' || device === 'cpu',
  )
}

import { chooseDtype, weightsFiles, type Device, type Dtype } from '../device-and-dtype.js'
import type { HubFile } from './hub-client.js'

/** Files without which nothing loads. */
export const REQUIRED_FILES: readonly string[] = ['config.json', 'tokenizer.json', 'tokenizer_config.json']

/** Small files that are taken when the repository has them. */
const WELCOME_FILES: readonly string[] = [
  'generation_config.json',
  'special_tokens_map.json',
  'chat_template.jinja',
  '1_Pooling/config.json',
  'modules.json',
  'sentence_bert_config.json',
  'config_sentence_transformers.json',
]

/** What to fetch of a repository. */
export interface ChosenFiles {
  readonly files: readonly HubFile[]
  readonly dtype: Dtype
}

/** Why a repository cannot be used. */
export interface NoChoice {
  readonly missing: readonly string[]
  readonly dtypes: readonly Dtype[]
}

/** The small files, then the weights of one form: a folder with weights in it is whole. */
export function chooseFiles(
  listing: readonly HubFile[],
  config: Readonly<Record<string, unknown>>,
  device: Device,
  asked: Dtype | undefined,
): ChosenFiles | NoChoice {
  const byPath = new Map(listing.map((file) => [file.path, file]))
  const missing = REQUIRED_FILES.filter((path) => !byPath.has(path))
  const sizes = new Map(
    listing
      .filter((file) => /^onnx\/[^/]+$/.test(file.path))
      .map((file) => [file.path.slice('onnx/'.length), file.size ?? 0]),
  )
  const weights = weightsFiles(sizes, config)
  const chosen = chooseDtype(weights, device, asked)
  if (missing.length > 0 || chosen === undefined) {
    const dtypes = weights.map((file) => file.dtype)
    return {
      missing: chosen === undefined ? [...missing, `onnx/model (${asked ?? 'any dtype'})`] : missing,
      dtypes,
    }
  }
  const paths = [...REQUIRED_FILES, ...WELCOME_FILES, ...chosen.files.map((name) => `onnx/${name}`)]
  return {
    files: paths.map((path) => byPath.get(path)).filter((file): file is HubFile => file !== undefined),
    dtype: chosen.dtype,
  }
}

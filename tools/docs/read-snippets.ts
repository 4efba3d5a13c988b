import { readdirSync, readFileSync } from 'node:fs'
import { join, relative } from 'node:path'

/** The root of the repository. */
export const root = join(import.meta.dirname, '../..')

/** One fenced block of a document. */
export interface Snippet {
  /** `docs/cli.md:12`. */
  readonly place: string
  readonly language: string
  /** What stands behind the language: `file=src/index.ts`. */
  readonly info: string
  readonly text: string
}

/** The documents people read: the front page, `docs/`, and the README of every package. */
export function documents(): readonly string[] {
  const inDocs = readdirSync(join(root, 'docs'))
    .filter((name) => name.endsWith('.md'))
    .map((name) => join(root, 'docs', name))
  const ofPackages = readdirSync(join(root, 'packages')).map((name) =>
    join(root, 'packages', name, 'README.md'),
  )
  return [join(root, 'README.md'), ...inDocs, ...ofPackages]
}

/** The fenced blocks of a document, in order. */
export function readSnippets(document: string): readonly Snippet[] {
  const text = readFileSync(document, 'utf8')
  return [...text.matchAll(/^```(\w+)([^\n]*)\n([\s\S]*?)^```$/gm)].map((match) => ({
    place: `${relative(root, document)}:${text.slice(0, match.index).split('\n').length}`,
    language: match[1] ?? '',
    info: (match[2] ?? '').trim(),
    text: match[3] ?? '',
  }))
}

/** Links of a document to other files of the repository, without their anchors. */
export function fileLinks(document: string): readonly string[] {
  const text = readFileSync(document, 'utf8')
  return [...text.matchAll(/\]\((?!https?:|#|mailto:)([^)#\s]+)/g)].map((match) => match[1] ?? '')
}

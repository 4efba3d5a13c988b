import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { CorpusProvider, UpstreamErrorCase, UpstreamErrorFile } from './upstream-error.js'

/** A case with what its file says of all of them. */
export interface LabelledError extends UpstreamErrorCase {
  readonly upstream: string
  readonly provider: CorpusProvider
}

const PLACE = 'corpus/upstream-errors'

/** Absolute folder of the data files that ship with this package; the JSON schema lies beside it. */
export function errorCorpusFolder(): string {
  // The built files lie at different depths, and share pieces.
  for (const up of ['../', '../../', '../../../']) {
    const folder = fileURLToPath(new URL(`${up}${PLACE}`, import.meta.url))
    if (existsSync(folder)) return folder
  }
  throw new Error(`@openmux/testkit lies here without its ${PLACE}: install it anew`)
}

/** The data files of a folder by their names without `.json`. Throws what reading and parsing throw. */
export function readErrorFiles(folder: string): ReadonlyMap<string, UpstreamErrorFile> {
  const names = readdirSync(folder).filter((name) => name.endsWith('.json'))
  return new Map(
    names.toSorted().map((name) => {
      const file = JSON.parse(readFileSync(join(folder, name), 'utf8')) as UpstreamErrorFile
      return [basename(name, '.json'), file]
    }),
  )
}

/**
 * The labelled error answers of a folder: of the corpus that ships with this package, or of your own in the same
 * form (`corpus/upstream-errors.schema.json`).
 */
export function readErrorCorpus(folder: string): readonly LabelledError[] {
  return [...readErrorFiles(folder).values()].flatMap(({ upstream, provider, cases }) =>
    cases.map((one) => ({ ...one, upstream, provider })),
  )
}

let shipped: readonly LabelledError[] | undefined

/** The cases that ship with this package, of all providers or of one. Read from disk once. */
export function errorCorpus(provider?: CorpusProvider): readonly LabelledError[] {
  shipped ??= readErrorCorpus(errorCorpusFolder())
  return provider === undefined ? shipped : shipped.filter((one) => one.provider === provider)
}

/** The case of an id, or of a title that only one case of the providers named has. Throws when there is none. */
export function errorCase(idOrTitle: string, ...providers: readonly CorpusProvider[]): LabelledError {
  const among = errorCorpus().filter((one) => providers.length === 0 || providers.includes(one.provider))
  const [found, ...others] = among.filter(({ id, title }) => id === idOrTitle || title === idOrTitle)
  if (found === undefined) throw new Error(`The corpus has no error answer "${idOrTitle}"`)
  if (others.length > 0)
    throw new Error(`The corpus has several error answers "${idOrTitle}": name one by its id`)
  return found
}

import { OpenMuxError, type Provider } from '@openmux/core'
import { namesThereAre } from '../providers/spelling.js'

/** The providers that a word means, by id, name or alias; without a word all. Errors: `bad-request` for a name nobody has. */
export function chooseProviders<T extends Pick<Provider, 'id' | 'name' | 'aliases'>>(
  words: readonly string[],
  among: readonly T[],
): readonly T[] {
  const [spelling, ...more] = words
  if (more.length > 0) {
    throw new OpenMuxError({
      code: 'bad-request',
      field: 'command line',
      message: 'Only one provider can be named.',
      hint: 'Name one, or none for all of them.',
    })
  }
  if (spelling === undefined) return among
  const plain = (name: string): string => name.toLowerCase().replaceAll(/[^\p{L}\p{N}]+/gu, '')
  const wanted = plain(spelling)
  const byId = among.filter(({ id }) => plain(id) === wanted)
  if (byId.length > 0) return byId
  const found = among.filter(({ name, aliases = [] }) =>
    [name, ...aliases].some((word) => plain(word) === wanted),
  )
  if (found.length > 0) return found
  throw new OpenMuxError({
    code: 'bad-request',
    field: 'provider',
    message: `There is nothing called "${spelling}" that could be asked.`,
    hint: namesThereAre(
      spelling,
      among.map(({ id }) => id),
    ),
  })
}

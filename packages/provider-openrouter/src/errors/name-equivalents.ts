import { OpenMuxError } from '@openmux/core'

/** `error` about a model that is gone or unknown, with the names of living ones; as it is when there are none to name. */
export function withEquivalents(error: OpenMuxError, equivalents: readonly string[]): OpenMuxError {
  const [first] = equivalents
  if (first === undefined) return error
  const { name: _name, stack: _stack, ...fields } = error
  const others = equivalents.slice(1)
  const named = others.length === 0 ? first : `${first} (or ${others.join(', ')})`
  return new OpenMuxError({
    ...fields,
    message: error.message,
    hint: `Use ${named} instead. ${error.hint}`,
    remedies: equivalents.map((id) => `Use the model ${id}.`),
    cause: error.cause,
  })
}

/** Whether naming other models helps. */
export function isAboutModel({ code }: OpenMuxError): boolean {
  return code === 'model-not-found' || code === 'model-not-served'
}

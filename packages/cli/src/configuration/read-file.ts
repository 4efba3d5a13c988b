import { readFile } from 'node:fs/promises'
import { OpenMuxError } from '@openmux/core'
import { parse, type ParseError, printParseErrorCode } from 'jsonc-parser'
import type { Configuration } from './configuration.js'
import { configError } from './config-errors.js'
import type { FoundFile } from './find-file.js'
import { configurationSchema } from './schema.js'

/** Reads and checks a configuration file: JSON, comments and trailing commas allowed. Throws `bad-config`. */
export async function readConfigurationFile(file: FoundFile): Promise<Configuration> {
  const text = await readFile(file.path, 'utf8').catch((cause: unknown) => {
    throw new OpenMuxError({
      code: 'bad-config',
      field: file.path,
      message: `${file.path} cannot be read${cause instanceof Error && 'code' in cause ? ` (${String(cause.code)})` : ''}.`,
      hint: 'Check the rights of the file, or name another with --config.',
    })
  })
  const errors: ParseError[] = []
  const value: unknown = parse(text.replace(/^\uFEFF/, ''), errors, { allowTrailingComma: true })
  const [first] = errors
  // The parser's own words only: a piece of the text could be a key.
  if (first !== undefined) throw notJson(file.path, text, first)
  const checked = configurationSchema.safeParse(value ?? {})
  if (!checked.success) throw configError(file.path, checked.error.issues, value)
  return checked.data
}

function notJson(path: string, text: string, error: ParseError): OpenMuxError {
  const before = text.slice(0, error.offset).split('\n')
  const place = `line ${before.length}, column ${(before.at(-1)?.length ?? 0) + 1}`
  const what = printParseErrorCode(error.error)
    .replace(/(?<=[a-z])(?=[A-Z])/g, ' ')
    .toLowerCase()
  return new OpenMuxError({
    code: 'bad-config',
    field: path,
    message: `${path} is not JSON: ${what} at ${place}.`,
    hint: 'Correct the file there. Comments and trailing commas are allowed.',
  })
}

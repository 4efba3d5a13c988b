import type { ResponseFormat } from '@openmux/core'
import type { WireResponseFormat } from '../wire/chat-body.js'
import type { OpenAIQuirks } from './quirks.js'
import { cannotSend } from './request-error.js'
import { isStrictSchema } from './strict-schema.js'

const ANY_OBJECT = { type: 'object' } as const

/** `response_format` for a format; undefined for plain text. Throws `unsupported`. */
export function writeResponseFormat(
  format: ResponseFormat | undefined,
  quirks: OpenAIQuirks,
): WireResponseFormat | undefined {
  if (format === undefined || format.type === 'text') return undefined
  if (format.type === 'json') {
    if (quirks.jsonObject) return { type: 'json_object' }
    return { type: 'json_schema', json_schema: { name: 'answer', schema: ANY_OBJECT } }
  }
  switch (quirks.jsonSchema) {
    case 'json-schema': {
      const strict = quirks.strictSchema === 'always' || isStrictSchema(format.schema)
      return {
        type: 'json_schema',
        json_schema: {
          name: schemaName(format.name),
          ...(quirks.strictSchema === 'never' ? {} : { strict }),
          schema: format.schema,
        },
      }
    }
    case 'json-object-schema':
      return { type: 'json_object', schema: format.schema }
    case 'none':
      throw cannotSend(
        'responseFormat',
        'This server cannot hold an answer to a JSON Schema.',
        'Ask for { type: "json" } and describe the form in the prompt, or use another provider.',
      )
  }
}

/** A name OpenAI takes: 1 to 64 letters, digits, `_` or `-`. */
function schemaName(name: string | undefined): string {
  const clean = (name ?? '').replace(/[^A-Za-z0-9_-]/g, '_').slice(0, 64)
  return clean === '' ? 'answer' : clean
}

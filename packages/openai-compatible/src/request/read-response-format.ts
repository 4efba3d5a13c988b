import type { ResponseFormat } from '@openmux/core'
import { defined, objectOf, textOf } from '@openmux/http'
import { wrongField } from './request-error.js'

/** `response_format` of a received body. Throws `bad-request`. */
export function readResponseFormat(value: unknown): ResponseFormat | undefined {
  if (value === null || value === undefined) return undefined
  const format = objectOf(value)
  switch (format?.['type']) {
    case 'text':
      return undefined
    case 'json_object': {
      const schema = objectOf(format['schema'])
      return schema === undefined ? { type: 'json' } : { type: 'json-schema', schema }
    }
    case 'json_schema': {
      const given = objectOf(format['json_schema'])
      // llama.cpp's form has the schema one level higher.
      const schema = objectOf(given?.['schema']) ?? objectOf(format['schema'])
      if (schema === undefined)
        throw wrongField('response_format.json_schema.schema', 'a JSON Schema', given?.['schema'])
      return { type: 'json-schema', schema, ...defined({ name: textOf(given?.['name']) }) }
    }
    default:
      throw wrongField('response_format.type', 'text, json_object or json_schema', format?.['type'] ?? value)
  }
}

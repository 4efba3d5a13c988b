import type { JsonSchema } from '@openmux/core'
import { type JsonObject, listOf, objectOf, objectsOf } from '@openmux/http'

/** Members that hold one schema, a list of schemas, or schemas by name. */
const ONE = ['items', 'additionalItems', 'not', 'contains'] as const
const LISTS = ['anyOf', 'oneOf', 'allOf', 'prefixItems'] as const
const NAMED = ['properties', '$defs', 'definitions'] as const

/**
 * Whether OpenAI's strict mode takes a schema: every object in it is closed
 * (`additionalProperties: false`) and requires all its members (OpenAI, Structured Outputs guide).
 */
export function isStrictSchema(schema: JsonSchema): boolean {
  if (objectOf(schema['properties']) === undefined && schema['type'] !== 'object')
    return schemasIn(schema).every(isStrictSchema)
  if (schema['additionalProperties'] !== false) return false
  const required = listOf(schema['required'])
  const names = Object.keys(objectOf(schema['properties']) ?? {})
  return names.every((name) => required.includes(name)) && schemasIn(schema).every(isStrictSchema)
}

function schemasIn(schema: JsonObject): readonly JsonObject[] {
  const one = ONE.map((name) => schema[name])
  const lists = LISTS.flatMap((name) => listOf(schema[name]))
  const named = NAMED.flatMap((name) => Object.values(objectOf(schema[name]) ?? {}))
  return objectsOf([...one, ...lists, ...named])
}

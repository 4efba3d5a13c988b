import type { Tool, ToolChoice } from '@openmux/core'
import { defined, type JsonObject, objectOf, textOf } from '@openmux/http'
import { readList } from './read-field.js'
import { wrongField } from './request-error.js'

const NO_ARGUMENTS = { type: 'object', properties: {} } as const

/** The tools of a received body, also in the older form `functions`. Throws `bad-request`. */
export function readTools(body: JsonObject): readonly Tool[] {
  const tools = readList(body, 'tools', 'an array of tools').map((value, index) => {
    const field = `tools[${index}]`
    const tool = objectOf(value)
    const type = tool?.['type'] ?? 'function'
    if (tool === undefined || type !== 'function') throw wrongField(`${field}.type`, 'function', type)
    return readTool(tool['function'], `${field}.function`)
  })
  const functions = readList(body, 'functions', 'an array of functions').map((value, index) =>
    readTool(value, `functions[${index}]`),
  )
  return [...tools, ...functions]
}

function readTool(value: unknown, field: string): Tool {
  const definition = objectOf(value)
  if (definition === undefined) throw wrongField(field, 'an object with a name', value)
  const name = textOf(definition['name'])
  if (name === undefined) throw wrongField(`${field}.name`, 'a text', definition['name'])
  const parameters = definition['parameters'] ?? NO_ARGUMENTS
  if (objectOf(parameters) === undefined) throw wrongField(`${field}.parameters`, 'a JSON Schema', parameters)
  return {
    name,
    ...defined({ description: textOf(definition['description']) }),
    parameters: objectOf(parameters) ?? NO_ARGUMENTS,
  }
}

/** `tool_choice` of a received body, also in the older form `function_call`. Throws `bad-request`. */
export function readToolChoice(body: JsonObject): ToolChoice | undefined {
  const field = body['tool_choice'] == null ? 'function_call' : 'tool_choice'
  const value = body[field] ?? undefined
  if (value === undefined) return undefined
  if (value === 'auto' || value === 'none' || value === 'required') return value
  // Mistral's word.
  if (value === 'any') return 'required'
  const choice = objectOf(value)
  const name = textOf(objectOf(choice?.['function'])?.['name']) ?? textOf(choice?.['name'])
  if (name !== undefined) return { name }
  throw wrongField(field, 'none, auto, required or {"type":"function","function":{"name":"…"}}', value)
}

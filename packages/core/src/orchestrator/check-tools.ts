import type { ChatInput } from './chat-input.js'
import { isFields, wrong } from './input-faults.js'

const CHOICES = ['auto', 'none', 'required']

/** Throws `bad-request` naming what is wrong with the tools or the choice among them. */
export function checkTools({ tools, toolChoice }: Pick<ChatInput, 'tools' | 'toolChoice'>): void {
  const given: unknown = tools ?? []
  if (!Array.isArray(given)) throw wrong({ field: 'tools', expected: 'an array of tools', got: tools })
  const names = new Set<string>()
  for (const [index, tool] of (given as readonly unknown[]).entries()) {
    const field = `tools[${index}]`
    if (!isFields(tool)) throw wrong({ field, expected: 'a tool', got: tool })
    const { name, parameters } = tool
    if (typeof name !== 'string' || !/^[A-Za-z0-9_.-]{1,64}$/.test(name))
      throw wrong({ field: `${field}.name`, expected: '1 to 64 letters, digits, _ . or -', got: name })
    if (names.has(name))
      throw wrong({ field: `${field}.name`, expected: 'a name no other tool has', got: name })
    if (!isFields(parameters))
      throw wrong({ field: `${field}.parameters`, expected: 'a JSON Schema object', got: parameters })
    names.add(name)
  }
  checkChoice(toolChoice, names)
}

function checkChoice(choice: unknown, names: ReadonlySet<string>): void {
  if (choice === undefined || (typeof choice === 'string' && CHOICES.includes(choice))) return
  const name = isFields(choice) ? choice['name'] : undefined
  if (typeof name === 'string' && names.has(name)) return
  if (isFields(choice))
    throw wrong({ field: 'toolChoice.name', expected: 'the name of one of the tools', got: name })
  throw wrong({ field: 'toolChoice', expected: `one of ${CHOICES.join(', ')}, or { name }`, got: choice })
}

import type { ToolCallEvent } from '@openmux/core'
import { type JsonObject, listOf, objectOf, textOf } from '@openmux/http'
import { WholeCharacters } from './whole-characters.js'

/** A call whose pieces are still coming. */
interface OpenCall {
  readonly id: string
  /** As the server gave it. */
  readonly wireId: string | undefined
  /** Absent: not told yet, so nothing was passed on. */
  name?: string
  /** Arguments that came before the name. */
  held: string
  /** Whether any arguments have come. */
  hasArguments: boolean
  readonly characters: WholeCharacters
}

/**
 * Puts the pieces of tool calls together. Pieces belong together by `index`; without one by `id`; without
 * either to the call before, unless they name a tool. Ids that are missing or used twice are made up.
 */
export class ToolCallReader {
  readonly #newId: () => string
  readonly #calls: OpenCall[] = []
  readonly #byIndex = new Map<number, OpenCall>()
  #latest: OpenCall | undefined

  constructor(newId: () => string) {
    this.#newId = newId
  }

  /** Calls so far. */
  get count(): number {
    return this.#calls.length
  }

  /** Pieces of `delta.tool_calls`, or whole calls of a message, as events. */
  read(deltas: unknown): ToolCallEvent[] {
    return listOf(deltas).flatMap((value) => {
      const delta = objectOf(value)
      return delta === undefined ? [] : this.#readOne(delta)
    })
  }

  #readOne(delta: JsonObject): ToolCallEvent[] {
    const made = objectOf(delta['function']) ?? {}
    const name = textOf(made['name'])
    const call = this.#callOf(indexOf(delta['index']), textOf(delta['id']), name)
    this.#latest = call
    const text = call.characters.push(argumentsOf(made['arguments']))
    if (text !== '') call.hasArguments = true
    if (call.name !== undefined)
      return text === '' ? [] : [{ type: 'tool-call', id: call.id, argumentsText: text }]
    call.held += text
    if (name === undefined) return []
    call.name = name
    return [{ type: 'tool-call', id: call.id, name, argumentsText: call.held }]
  }

  #callOf(index: number | undefined, wireId: string | undefined, name: string | undefined): OpenCall {
    const known = this.#known(index, wireId, name)
    if (known !== undefined) return known
    const taken = wireId === undefined || this.#calls.some((call) => call.id === wireId)
    const id = taken ? this.#newId() : wireId
    const call: OpenCall = { id, wireId, held: '', hasArguments: false, characters: new WholeCharacters() }
    this.#calls.push(call)
    if (index !== undefined) this.#byIndex.set(index, call)
    return call
  }

  #known(
    index: number | undefined,
    wireId: string | undefined,
    name: string | undefined,
  ): OpenCall | undefined {
    if (index !== undefined) {
      const call = this.#byIndex.get(index)
      // Servers that give every call the index 0 give each its own id and name.
      const isAnother =
        call?.name !== undefined && name !== undefined && wireId !== undefined && call.wireId !== wireId
      return isAnother ? undefined : call
    }
    if (wireId !== undefined) return this.#calls.find((call) => call.wireId === wireId)
    return name === undefined || this.#latest?.name === undefined ? this.#latest : undefined
  }

  /** Whether some call never got a name: it cannot be run. */
  get hasNameless(): boolean {
    return this.#calls.some((call) => call.name === undefined)
  }

  /**
   * What is still missing at the end of a whole answer: servers send an empty text for "no arguments".
   * @param cut the answer hit its limit or a filter, so nothing may be made to look whole.
   */
  end(cut: boolean): ToolCallEvent[] {
    return this.#calls.flatMap((call) => {
      const rest = call.characters.end()
      const text = rest === '' && !call.hasArguments && !cut ? '{}' : rest
      return call.name === undefined || text === ''
        ? []
        : [{ type: 'tool-call', id: call.id, argumentsText: text }]
    })
  }
}

function indexOf(value: unknown): number | undefined {
  return typeof value === 'number' && Number.isInteger(value) ? value : undefined
}

/** JSON text, or the object itself as some servers send it. */
function argumentsOf(value: unknown): string {
  if (typeof value === 'string') return value
  return objectOf(value) === undefined ? '' : JSON.stringify(value)
}

import { type JsonObject, listOf, objectOf } from '@openmux/http'

const OPENING = '"content":"'
/** What a text cannot have inside of a JSON string unless it is escaped, and the escape itself. */
// oxlint-disable-next-line no-control-regex
const NEEDS_READING = /["\\\u0000-\u001F]/
/** After so many in a row that were unlike the one before, no more is tried: some servers pad each with noise. */
const PATIENCE = 4

/**
 * Knows chunks that are, character for character, one that was read before but for the words in it. In nearly every
 * stream nearly every chunk is; to parse two hundred characters for a word of five would be most of the work.
 */
export class PlainChunks {
  #before = ''
  #after = ''
  #misses = 0

  /** The words of a chunk that says nothing but words; undefined when it has to be read. Never empty. */
  textOf(data: string): string | undefined {
    if (this.#before === '') return undefined
    const from = this.#before.length
    const to = data.length - this.#after.length
    if (to <= from || !data.startsWith(this.#before) || !data.endsWith(this.#after)) {
      this.#misses += 1
      this.#before = ''
      return undefined
    }
    this.#misses = 0
    const text = data.slice(from, to)
    return NEEDS_READING.test(text) ? undefined : text
  }

  /** Takes `data`, which was read as `chunk` and said nothing but `text`, as the pattern. */
  learn(data: string, chunk: JsonObject, text: string): void {
    if (this.#misses > PATIENCE || this.#before !== '' || !saysOnly(chunk, text)) return
    const at = data.indexOf(OPENING)
    const from = at + OPENING.length
    // Twice the same name: which one was meant is not for this to decide.
    if (at === -1 || data.includes(OPENING, from) || !data.startsWith(`${text}"`, from)) return
    this.#before = data.slice(0, from)
    this.#after = data.slice(from + text.length)
  }
}

/** Whether the words are the content of the only choice, beside which no call, no end and no usage stands. */
function saysOnly(chunk: JsonObject, text: string): boolean {
  const choices = listOf(chunk['choices'])
  const choice = objectOf(choices[0])
  const delta = objectOf(choice?.['delta'])
  return (
    choices.length === 1 &&
    choice !== undefined &&
    delta?.['content'] === text &&
    listOf(delta['tool_calls']).length === 0 &&
    isAbsent(delta['function_call']) &&
    isAbsent(choice['finish_reason']) &&
    isAbsent(chunk['usage'])
  )
}

function isAbsent(value: unknown): boolean {
  return value === undefined || value === null
}

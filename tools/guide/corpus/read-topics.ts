import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

/** What the guide is taught about one thing: one answer, and the wordings of the question it answers. */
export interface Topic {
  /** `ollama-start`, or what the answer is made from: `error:auth`, `command:models`, `option:--free`. */
  readonly id: string
  /** The file it stands in, without its ending. */
  readonly area: string
  /** Absent: made from the registry of errors or the help of the command line. */
  readonly answer?: string
  /** Wordings, with `(one|another|)` for parts that vary. */
  readonly patterns: readonly string[]
}

/** Reads the topic files of a folder: `## id`, `> answer`, `- wording`; other lines are for people. */
export function readTopics(folder: string): Topic[] {
  return readdirSync(folder)
    .filter((name) => name.endsWith('.md'))
    .toSorted()
    .flatMap((name) => topicsOf(readFileSync(join(folder, name), 'utf8'), name.slice(0, -'.md'.length)))
}

/** The topics of one file. Throws on what is neither an answer nor a wording of a topic, and on what is missing. */
export function topicsOf(text: string, area: string): Topic[] {
  const topics: Topic[] = []
  for (const section of text.split(/^## /m).slice(1)) {
    const [head = '', ...lines] = section.split('\n')
    const id = head.trim()
    const answer = lines
      .filter((line) => line.startsWith('> '))
      .map((line) => line.slice(2).trim())
      .join(' ')
    const patterns = lines.filter((line) => line.startsWith('- ')).map((line) => line.slice(2).trim())
    const made = /^(?:error|command|option):/.test(id)
    if (made === (answer !== ''))
      throw new Error(`${area}.md, ${id}: ${made ? 'its answer is made, not written' : 'it has no answer'}.`)
    if (patterns.length === 0) throw new Error(`${area}.md, ${id}: nobody asks for it.`)
    for (const pattern of patterns) checkPattern(pattern, `${area}.md, ${id}`)
    topics.push({ id, area, patterns, ...(made ? {} : { answer }) })
  }
  return topics
}

function checkPattern(pattern: string, place: string): void {
  let depth = 0
  for (const character of pattern) {
    if (character === '(') depth += 1
    if (character === ')') depth -= 1
    if (character === '|' && depth === 0)
      throw new Error(`${place}: “${pattern}” has a bar outside of brackets.`)
    if (depth < 0 || depth > 3) break
  }
  if (depth !== 0) throw new Error(`${place}: the brackets of “${pattern}” do not match.`)
}

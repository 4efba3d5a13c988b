import { readdirSync, readFileSync } from 'node:fs'
import { expand, type Grammar, readGrammar, undefinedSymbols } from './grammar.ts'
import { makers } from './makers/makers.ts'
import { misspell } from './mistakes.ts'
import type { Random } from './random.ts'
import type { HeldOut } from './held-out.ts'
import type { LabelledRequest } from './requests.ts'
import { BY_HAND } from './settings.ts'

export type Task = 'chat' | 'code' | 'embeddings'

/** One request for training, with its task. */
export interface Example {
  readonly text: string
  readonly task: Task
  /** Whether the answer before it held program text. */
  readonly afterCode: boolean
  readonly language: string
}

const FOLDER = new URL('training/', import.meta.url)
/** Of all examples, how many are English: it has the longest grammar and the highest target. */
const ENGLISH = 0.5
/** Tasks, as often as they are drawn. */
const TASKS: readonly Task[] = [
  ...Array<Task>(14).fill('chat'),
  ...Array<Task>(11).fill('code'),
  ...Array<Task>(3).fill('embeddings'),
]

/** How often a request of a task holds words that nobody knows. */
const STRANGE: Readonly<Record<Task, number>> = { chat: 0.25, code: 0.05, embeddings: 0.05 }

/** The grammars of all languages. Throws where one uses a symbol that nothing defines. */
export function readLanguages(): ReadonlyMap<string, Grammar> {
  const folder = new URL('languages/', FOLDER)
  const names = readdirSync(folder)
    .filter((name) => name.endsWith('.txt'))
    .toSorted()
  return new Map(
    names.map((name) => {
      const grammar = readGrammar(readFileSync(new URL(name, folder), 'utf8'), name)
      const missing = undefinedSymbols(grammar, makers)
      if (missing.length > 0) throw new Error(`${name}: nothing defines ${missing.join(', ')}`)
      return [name.slice(0, -'.txt'.length), grammar]
    }),
  )
}

/** What examples are made from, beside the grammars. */
export interface ExampleSources {
  /** Requests written by hand. Those whose task nobody can tell teach nothing and are left out. */
  readonly byHand: readonly LabelledRequest[]
  /** What training must not see: such examples are made anew. */
  readonly isHeldOut: HeldOut
}

/** As many random examples as asked for. */
export function makeExamples(count: number, random: Random, sources: ExampleSources): Example[] {
  const languages = readLanguages()
  const others = [...languages.keys()].filter((name) => name !== 'en')
  const followUps = readGrammar(readFileSync(new URL('follow-ups.txt', FOLDER), 'utf8'), 'follow-ups.txt')
  const byHand = sources.byHand.flatMap(exampleOf).filter(({ text }) => !sources.isHeldOut(text))
  const vocabularies = new Map<string, readonly string[]>()
  return Array.from({ length: count }, () => {
    for (;;) {
      const plain = draw()
      const example = disguised(plain, random)
      if (example.text !== plain.text && sources.isHeldOut(example.text)) continue
      if (plain.byHand !== true && sources.isHeldOut(plain.text)) continue
      const { text, task, afterCode, language } = example
      return { text, task, afterCode, language }
    }
  })

  function draw(): Drawn {
    if (random.chance(0.04)) return followUp()
    if (byHand.length > 0 && random.chance(BY_HAND)) return random.pick(byHand)
    const language = random.chance(ENGLISH) ? 'en' : random.pick(others)
    const grammar = languages.get(language)
    if (grammar === undefined) throw new Error(`no language ${language}`)
    const task = random.pick(TASKS)
    const said = expand(task, grammar, makers, random)
    const text = random.chance(STRANGE[task]) ? withStrangeWords(said, wordsOf(language), random) : said
    return { text, task, afterCode: task !== 'embeddings' && random.chance(0.03), language }
  }

  /** Words of a language, as its grammar writes them. */
  function wordsOf(language: string): readonly string[] {
    let words = vocabularies.get(language)
    if (words === undefined) {
      const lines = [...(languages.get(language)?.values() ?? [])].flat().join(' ')
      words = [...new Set(lines.match(/(?<!\{)\b\p{L}{4,}\b(?!\})/gu))]
      vocabularies.set(language, words)
    }
    return words
  }

  function followUp(): Example {
    const english = languages.get('en')
    if (english === undefined) throw new Error('no English')
    const everyday = (): string => expand(random.pick(['question', 'everydayAsk']), english, makers, random)
    const [kind, task, afterCode] = random.pick([
      ['code', 'code', true],
      ['code', 'code', true],
      ['chat', 'chat', false],
      ['leave', 'chat', true],
      ['leave', 'chat', true],
    ] as const)
    const text = expand(kind, followUps, { ...makers, everyday }, random)
    return { text, task, afterCode, language: 'en' }
  }
}

/** A request before it is disguised. */
interface Drawn extends Example {
  /** Looked at for near-duplicates already. */
  readonly byHand?: true
}

function exampleOf({ text, label, language, after }: LabelledRequest): Drawn[] {
  return label === 'unknown'
    ? []
    : [{ text, task: label, language, afterCode: after === 'code', byHand: true }]
}

/**
 * A text in which one word or two are ones that nobody knows, made from the beginning of one word and the end of
 * another: people speak of more things than any list holds, and what is unknown says nothing about code.
 */
function withStrangeWords(text: string, words: readonly string[], random: Random): string {
  if (words.length === 0) return text
  const parts = text.split(/(\p{L}{4,})/u)
  const places = random.shuffle(parts.map((_, at) => at).filter((at) => at % 2 === 1))
  for (const at of places.slice(0, 1 + random.below(2))) {
    const first = random.pick(words)
    const last = random.pick(words)
    parts[at] =
      `${first.slice(0, 2 + random.below(first.length - 2))}${last.slice(1 + random.below(last.length - 2))}`
  }
  return parts.join('')
}

/** The same request as others would type it: misspelt, without capitals or marks, with a word of thanks. */
function disguised(example: Example, random: Random): Example {
  let { text } = example
  const plain = !text.includes('\n') && !/[{}();=]/u.test(text)
  if (plain && random.chance(0.3)) text = misspell(text, random)
  else if (random.chance(0.2)) text = text.slice(0, 1).toLowerCase() + text.slice(1)
  else if (random.chance(0.3)) text = text.slice(0, 1).toUpperCase() + text.slice(1)
  if (random.chance(0.15)) text = text.replace(/[.?!]$/u, '')
  if (example.language === 'en' && random.chance(0.08))
    text =
      random.pick(['please ', 'Hi, ', 'hey, ', 'Could you ', 'I need help: ', 'Quick question: ', 'ok so ']) +
      text
  if (example.language === 'en' && random.chance(0.05))
    text += random.pick([' please', ' thanks', ', thank you', ' ASAP', '!!', ' :)'])
  return { ...example, text }
}

import { readdirSync, readFileSync } from 'node:fs'
import { expand, type Grammar, readGrammar, undefinedSymbols } from './grammar.ts'
import { makers } from './makers.ts'
import { misspell } from './mistakes.ts'
import type { Random } from './random.ts'

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
  ...Array<Task>(12).fill('chat'),
  ...Array<Task>(11).fill('code'),
  ...Array<Task>(2).fill('embeddings'),
]

/** The grammars of all languages. Throws where one uses a symbol that nothing defines. */
export function readLanguages(): ReadonlyMap<string, Grammar> {
  const folder = new URL('languages/', FOLDER)
  const names = readdirSync(folder).filter((name) => name.endsWith('.txt')).toSorted()
  return new Map(
    names.map((name) => {
      const grammar = readGrammar(readFileSync(new URL(name, folder), 'utf8'), name)
      const missing = undefinedSymbols(grammar, makers)
      if (missing.length > 0) throw new Error(`${name}: nothing defines ${missing.join(', ')}`)
      return [name.slice(0, -'.txt'.length), grammar]
    }),
  )
}

/** As many random examples as asked for. */
export function makeExamples(count: number, random: Random): Example[] {
  const languages = readLanguages()
  const others = [...languages.keys()].filter((name) => name !== 'en')
  const followUps = readGrammar(readFileSync(new URL('follow-ups.txt', FOLDER), 'utf8'), 'follow-ups.txt')
  const byHand = readByHand()
  return Array.from({ length: count }, () => {
    if (random.chance(0.04)) return followUp(random)
    if (byHand.length > 0 && random.chance(0.1)) return disguised(random.pick(byHand), random)
    const language = random.chance(ENGLISH) ? 'en' : random.pick(others)
    const grammar = languages.get(language)
    if (grammar === undefined) throw new Error(`no language ${language}`)
    const task = random.pick(TASKS)
    return disguised({ text: expand(task, grammar, makers, random), task, afterCode: task !== 'embeddings' && random.chance(0.03), language }, random)
  })

  function followUp(random: Random): Example {
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
    return disguised({ text, task, afterCode, language: 'en' }, random)
  }
}

/** Requests written by hand for training: those a grammar would not come up with. */
function readByHand(): Example[] {
  return readFileSync(new URL('by-hand.jsonl', FOLDER), 'utf8')
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as Example)
    .map(({ text, task, language }) => ({ text, task, language, afterCode: false }))
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
    text = random.pick(['please ', 'Hi, ', 'hey, ', 'Could you ', 'I need help: ', 'Quick question: ', 'ok so ']) + text
  if (example.language === 'en' && random.chance(0.05)) text += random.pick([' please', ' thanks', ', thank you', ' ASAP', '!!', ' :)'])
  return { ...example, text }
}

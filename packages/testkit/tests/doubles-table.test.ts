import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { errorCorpus } from '../src/corpus/index.js'
import { hfDouble, hfEndpointDouble, retiredHostDouble } from '../src/hf-remote/index.js'
import { ollamaDouble } from '../src/ollama/index.js'
import { OPENAI_FIXTURES } from '../src/openai/index.js'
import { OPENROUTER_ANSWERS, OPENROUTER_BROKEN, openrouterDouble } from '../src/openrouter/index.js'

const readme = readFileSync(new URL('../README.md', import.meta.url), 'utf8')

/** The rows of the table: double, what it plays, by what. */
const rows = readme
  .split('\n')
  .map((line) => /^\| (OpenRouter|Ollama|HF router|HF endpoint) \| (.+?) \| (.+) \|$/.exec(line))
  .filter((row) => row !== null)
  .map(([, double = '', plays = '', by = '']) => ({
    double,
    plays,
    names: [...by.matchAll(/`([^`]+)`/g)].map(([, name = '']) => name),
  }))

const cases = new Set(errorCorpus().map(({ id }) => id))
const fixtures = new Set(
  [...OPENAI_FIXTURES, ...OPENROUTER_ANSWERS, ...OPENROUTER_BROKEN].map(({ name }) => name),
)
const members: Readonly<Record<string, ReadonlySet<string>>> = {
  OpenRouter: new Set(Object.keys(openrouterDouble())),
  Ollama: new Set(Object.keys(ollamaDouble())),
  'HF router': new Set([...Object.keys(hfDouble()), retiredHostDouble.name]),
  'HF endpoint': new Set(Object.keys(hfEndpointDouble({ container: 'tei' }))),
}
/** Read as text: a type has no members at run time. */
const chatScript = readFileSync(new URL('../src/ollama/chat-script.ts', import.meta.url), 'utf8')

function exists(double: string, name: string): boolean {
  const script = /^ChatScript\.(\w+)$/.exec(name)?.[1]
  if (script !== undefined) return chatScript.includes(`readonly ${script}?:`)
  return cases.has(name) || fixtures.has(name) || members[double]?.has(name) === true
}

describe('the table of what the doubles play', () => {
  it.each(rows.map((row) => [`${row.double}: ${row.plays}`, row] as const))(
    '%s',
    (_title, { double, names }) => {
      expect(names.length).toBeGreaterThan(0)
      for (const name of names) expect(exists(double, name), name).toBe(true)
    },
  )

  it('has every scenario that is known to happen', () => {
    const count = (double: string): number => rows.filter((row) => row.double === double).length
    expect(['OpenRouter', 'Ollama', 'HF router', 'HF endpoint'].map(count)).toEqual([23, 12, 8, 4])
    expect(new Set(rows.map(({ double, plays }) => double + plays)).size).toBe(rows.length)
  })
})

import { globSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import { errorCorpus } from '../src/corpus/index.js'
import { OPENAI_FIXTURES } from '../src/openai/index.js'
import { OPENROUTER_ANSWERS, OPENROUTER_BROKEN } from '../src/openrouter/index.js'

const MARKS = ['verified', 'captured', 'uncertain']
const root = fileURLToPath(new URL('../src/', import.meta.url))
/** Where answers of upstreams are written down: fixtures, and the files of a double that hold its words. */
const files = globSync('{ollama,openai,openrouter,hf-remote,hub}/**/*.ts', { cwd: root }).toSorted()

/** Sends what fixtures hold, and holds nothing itself. */
const RELAYS = new Set(['openai/fixture-response.ts'])

/** A file that holds bytes of an upstream: it makes answers, or it is a fixture. */
function holdsAnswers(text: string): boolean {
  return /HttpResponse\.json\(|new HttpResponse\(|new Response\(|frames: \[|\bmark: /.test(text)
}

/** A repository with a path, an issue, a document, or what was seen from a real server. */
const SOURCE =
  /[\w.-]+\/[\w.-]+(?:\/[\w.*{}-]+)*\.(?:md|mdx|ts|tsx|rs|go|py|yaml|cc|c)\b|\w#\d+|docs\/api\.md|OpenRouterTeam\/docs|hub-docs|huggingface_hub|hf-endpoints-documentation|openai-openapi|recorded in|[Ss]een from a real|captured/i

describe('every fixture', () => {
  it('names its source and how sure it is', () => {
    const all = [...OPENAI_FIXTURES, ...OPENROUTER_ANSWERS, ...OPENROUTER_BROKEN, ...errorCorpus()]
    for (const { source, mark } of all) {
      expect(source.trim().length).toBeGreaterThan(5)
      expect(MARKS).toContain(mark)
    }
    expect(all.length).toBeGreaterThan(450)
  })
})

describe('every file of a double that holds answers of an upstream', () => {
  const holding = files.filter((file) => !RELAYS.has(file) && holdsAnswers(readFileSync(root + file, 'utf8')))

  it.each(holding)('%s says where they are from', (file) => {
    expect(SOURCE.test(readFileSync(root + file, 'utf8')), file).toBe(true)
  })

  it('there are some', () => expect(holding.length).toBeGreaterThan(10))
})

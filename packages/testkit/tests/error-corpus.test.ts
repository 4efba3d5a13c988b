import { readdirSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { ERROR_CODES, type ErrorCode, OpenMuxError } from '@openmux/core'
import { Ajv2020 } from 'ajv/dist/2020.js'
import { describe, expect, it } from 'vitest'
import {
  CORPUS_NOW,
  errorCase,
  errorCaseFaults,
  errorCaseResponse,
  errorCorpus,
  errorCorpusFolder,
  readErrorCorpus,
} from '../src/corpus/index.js'
import { readErrorFiles } from '../src/corpus/read-error-corpus.js'

const folder = errorCorpusFolder()
const schema = JSON.parse(
  readFileSync(join(dirname(folder), 'upstream-errors.schema.json'), 'utf8'),
) as object
const isFile = new Ajv2020({ allErrors: true, strictTypes: false }).compile(schema)
const files = [...readErrorFiles(folder)]
const corpus = errorCorpus()

describe('the corpus of error answers', () => {
  it.each(files)('%s.json is of the form its schema says', (_name, file) => {
    expect(isFile(file) ? [] : isFile.errors).toEqual([])
  })

  it('the schema refuses what is of another form', () => {
    const [, good] = files[0] ?? []
    const [one] = good?.cases ?? []
    const changed = (changes: object): object => ({ ...good, cases: [{ ...one, ...changes }] })
    expect(isFile(changed({}))).toBe(true)
    const wrong = [
      { source: '' },
      { mark: 'sure' },
      { id: 'No id' },
      { status: 99 },
      { headers: { 'Retry-After': '1' } },
      { expected: { ...one?.expected, waitMs: 'soon' } },
      { expected: { code: 'auth' } },
      { appears: 'success', status: 500 },
      { events: [1], body: 'both' },
      { unknown: true },
    ]
    for (const changes of wrong) expect(isFile(changed(changes)), JSON.stringify(changes)).toBe(false)
  })

  it('holds at least 360 answers, each with an id of its own that names its file', () => {
    expect(corpus.length).toBeGreaterThanOrEqual(360)
    expect(new Set(corpus.map(({ id }) => id)).size).toBe(corpus.length)
    for (const [name, { cases }] of files) {
      for (const { id } of cases) expect(id.startsWith(`${name}/`), id).toBe(true)
      expect(new Set(cases.map(({ title }) => title)).size, name).toBe(cases.length)
    }
  })

  it('holds no answer twice', () => {
    const answers = corpus.map(({ provider, asked, model, status, headers, body, events, ending }) =>
      JSON.stringify({ provider, asked, model, status, headers, body, events, ending }),
    )
    expect(answers.filter((answer, index) => answers.indexOf(answer) !== index)).toEqual([])
  })

  it('names a source that others can look up for each', () => {
    // A repository, an issue, an RFC, an address; or an honest word for where it was seen or how it was made.
    const lookedUp =
      /[\w.-]+\/[\w.-]+|\w#\d+|RFC \d+|\b[\w-]+\.(?:com|ai|org|dev|io|co|md|py)\b|recorded in|seen from|^inferred|Migration Notes/
    for (const { id, source } of corpus) expect(lookedUp.test(source), `${id}: ${source}`).toBe(true)
  })

  it('knows only codes of the registry, and every code an upstream can be the reason for', () => {
    const ours: readonly ErrorCode[] = [
      'aborted',
      'provider-disabled',
      'no-candidate',
      'all-failed',
      'bad-config',
    ]
    const theirs = Object.keys(ERROR_CODES).filter((code) => !ours.includes(code as ErrorCode))
    expect([...new Set(corpus.map(({ expected }) => expected.code))].toSorted()).toEqual(theirs.toSorted())
  })

  it('shows errors in every place they can stand in, also cut and silent streams', () => {
    const places = new Set(corpus.map(({ appears }) => appears))
    expect([...places].toSorted()).toEqual(['choice', 'mid-stream', 'status', 'success'])
    expect(corpus.some(({ ending }) => ending === 'cut')).toBe(true)
    expect(corpus.filter(({ expected }) => typeof expected.waitMs === 'number').length).toBeGreaterThan(40)
  })
})

describe('a case', () => {
  const one = errorCase('hf-router/429-with-retry-after')

  it('is found by id and by title, and a name nobody has is an error', () => {
    expect(errorCase(one.title, 'hf-remote')).toBe(one)
    expect(() => errorCase('nothing of the kind')).toThrow('no error answer "nothing of the kind"')
    expect(() => errorCase('200 a web page')).toThrow('several')
  })

  it('goes over the wire as it is written, with the key it quotes', async () => {
    const request = new Request('https://upstream.test/', { headers: { authorization: 'Bearer secret-1' } })
    const quoting = errorCase('openai/401-incorrect-key-quoted')
    const response = errorCaseResponse(quoting, request)
    expect(response.status).toBe(401)
    expect(response.headers.get('date')).toBe(new Date(CORPUS_NOW).toUTCString())
    expect(await response.text()).toContain('Incorrect API key provided: secret-1.')
    const lines = errorCaseResponse(errorCase('ollama/stream-early-close'))
    expect(lines.headers.get('content-type')).toBe('application/x-ndjson')
    expect((await lines.text()).split('\n')).toHaveLength(2)
  })

  it('is compared in every part', () => {
    const right = { code: 'rate-limit', message: 'x', until: CORPUS_NOW + 12_020 } as const
    expect(errorCaseFaults(one, { error: new OpenMuxError(right) })).toEqual([])
    const wrong = [
      { ...right, code: 'quota' as const },
      { ...right, scope: 'account' as const },
      { ...right, next: 'here' as const },
      { ...right, until: CORPUS_NOW + 12_100 },
      { ...right, until: 'never' as const },
    ]
    for (const options of wrong)
      expect(errorCaseFaults(one, { error: new OpenMuxError(options) }), JSON.stringify(options)).not.toEqual(
        [],
      )
    expect(errorCaseFaults(one, { error: new OpenMuxError(right), text: 'more' })).not.toEqual([])
    expect(errorCaseFaults(one, { error: new Error('untyped') })).not.toEqual([])
    expect(errorCaseFaults(one, { error: undefined, text: 'an answer' })).not.toEqual([])
  })
})

it('a folder of your own is read in the same way', () => {
  const own = readErrorCorpus(folder)
  expect(own.length).toBe(corpus.length)
  expect(readdirSync(folder).every((name) => name.endsWith('.json'))).toBe(true)
})

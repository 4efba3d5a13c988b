import type { Discovery, ProbeCheck, ProbeVerdict, Task } from '@openmux/core'
import fc from 'fast-check'
import { http, HttpResponse } from 'msw'
import { describe, expect, it } from 'vitest'
import { readRecommendations } from '../src/discover/recommendations.js'
import type { OllamaOptions } from '../src/index.js'
import { context, withDouble } from './support/with-double.js'

const { double, server, provider } = await withDouble()

async function probed(spend = false, options: OllamaOptions = {}): Promise<readonly ProbeCheck[]> {
  return (await provider(options).probe?.({ spend }, context())) ?? []
}

async function discovered(task?: Task, options: OllamaOptions = {}): Promise<Discovery> {
  const found = await provider(options).discover?.(task === undefined ? {} : { task }, context())
  if (found === undefined) throw new Error('it cannot discover')
  return found
}

function verdictOf(checks: readonly ProbeCheck[], id: string): ProbeVerdict | undefined {
  return checks.find((check) => check.id === id)?.verdict
}

describe('probing Ollama', () => {
  it('finds everything as believed; nothing is loaded and nothing generated', async () => {
    const checks = await probed()
    expect(checks.map(({ id, verdict }) => [id, verdict])).toEqual([
      ['version', 'as-expected'],
      ['tags', 'as-expected'],
      ['ps', 'as-expected'],
      ['chat', 'as-expected'],
      ['embed', 'as-expected'],
      ['show', 'as-expected'],
      ['spend.chat', 'not-checked'],
      ['spend.code', 'not-checked'],
      ['spend.embeddings', 'not-checked'],
    ])
    expect(checks[0]?.evidence).toContain('0.24.0')
    expect(double.loads).toEqual([])
    const asked = server.requests().filter(({ path }) => /chat|embed|generate|pull/.test(path))
    for (const { body } of asked)
      expect(JSON.parse(body)).toMatchObject({ model: 'openmux-probe-of-no-model' })
  })

  it('lets a model answer for each task when it may spend', async () => {
    const checks = await probed(true)
    expect(checks.filter(({ spent }) => spent).map(({ id, verdict }) => [id, verdict])).toEqual([
      ['spend.chat', 'as-expected'],
      ['spend.code', 'as-expected'],
      ['spend.embeddings', 'as-expected'],
    ])
  })

  it('a server without models has nothing to be asked about', async () => {
    for (const { name } of await provider().tags()) double.uninstall(name)
    const checks = await probed(true)
    expect(verdictOf(checks, 'tags')).toBe('as-expected')
    expect(verdictOf(checks, 'show')).toBe('not-checked')
    expect(verdictOf(checks, 'spend.chat')).toBe('not-checked')
  })

  it.each([
    ['gone', '/api/chat', 'chat', { status: 404, body: '404 page not found', contentType: 'text/plain' }],
    ['changed-shape', '/api/chat', 'chat', { status: 200, body: '{"message":{"content":"hi"},"done":true}' }],
    ['unauthorised', '/api/chat', 'chat', { status: 401, body: '{"error":"unauthorized"}' }],
    ['quota', '/api/chat', 'chat', { status: 429, body: '{"error":"too many requests"}' }],
    ['unreachable', '/api/embed', 'embed', { status: 503, body: '{"error":"server busy"}' }],
    ['changed-shape', '/api/tags', 'tags', { status: 200, body: '{"tags":[]}' }],
    ['changed-shape', '/api/tags', 'tags', { status: 200, body: '{"models":[{"id":"a"}]}' }],
    ['changed-shape', '/api/version', 'version', { status: 200, body: '{"v":"1"}' }],
    ['changed-shape', '/api/ps', 'ps', { status: 200, body: '[]' }],
    ['changed-shape', '/api/show', 'show', { status: 200, body: '{"details":{}}' }],
  ] as const)('%s: %s', async (verdict, path, id, refusal) => {
    double.refuse(path, refusal)
    expect(verdictOf(await probed(), id)).toBe(verdict)
  })

  it('a redirect is a move', async () => {
    server.use(
      http.get('*/api/tags', () =>
        HttpResponse.text('', { status: 301, headers: { location: 'https://elsewhere.example/' } }),
      ),
    )
    expect(verdictOf(await probed(), 'tags')).toBe('moved')
  })

  it('no server is unreachable', async () => {
    const checks = await probed(true, { baseURL: '127.0.0.1:1' })
    expect(verdictOf(checks, 'version')).toBe('unreachable')
    expect(verdictOf(checks, 'spend.chat')).toBe('unreachable')
    expect(checks.every(({ spent }) => !spent)).toBe(true)
  })
})

describe('discovering Ollama', () => {
  const SUGGESTIONS = '*/api/experimental/model-recommendations'

  it('names what is installed, then what can be pulled', async () => {
    server.use(
      http.get(SUGGESTIONS, () =>
        HttpResponse.json({
          recommendations: [
            { model: 'kimi-k2.6:cloud', description: 'Elsewhere', required_plan: 'pro' },
            { model: 'gemma4', description: 'Reasoning locally', vram_bytes: 12e9, context_length: 131_072 },
          ],
        }),
      ),
    )
    const { models, endpoints } = await discovered()
    const installed = models.filter(({ model }) => model.state === 'installed')
    expect(installed).toHaveLength(5)
    expect(models.indexOf(installed[4] ?? { model: {} as never })).toBe(4)
    expect(models[5]).toMatchObject({
      model: { id: 'gemma4', state: 'downloadable', contextTokens: 131_072 },
      note: 'ollama pull gemma4; suggested by Ollama: Reasoning locally, wants 12 GB of graphics memory',
    })
    expect(JSON.stringify(models)).not.toContain('kimi')
    expect(verdictOf(endpoints, 'tags')).toBe('as-expected')
  })

  it('offers nothing that is there already, and only what fits the task', async () => {
    const { models } = await discovered('embeddings')
    const ids = models.map(({ model }) => model.id)
    expect(ids).toContain('nomic-embed-text:latest')
    expect(ids).not.toContain('nomic-embed-text')
    expect(ids).toContain('all-minilm')
    for (const { model } of models) expect(model.tasks).toContain('embeddings')
  })

  it('an older server makes no suggestions, and that is said', async () => {
    server.use(http.get(SUGGESTIONS, () => new HttpResponse('404 page not found', { status: 404 })))
    double.uninstall('llama3.2:1b')
    const { models, notes } = await discovered('chat')
    expect(notes).toContain('This server makes no suggestions.')
    expect(models.some(({ model }) => model.state === 'downloadable')).toBe(true)
  })

  it('without a server says so, and what could be pulled', async () => {
    const { models, notes, endpoints } = await discovered(undefined, { baseURL: '127.0.0.1:1' })
    expect(notes.join(' ')).toContain('could not be listed')
    expect(models.every(({ model }) => model.state === 'downloadable')).toBe(true)
    expect(verdictOf(endpoints, 'version')).toBe('unreachable')
  })

  it('reads any suggestions without failing', () => {
    const entry = fc.oneof(fc.jsonValue(), fc.record({ model: fc.jsonValue(), vram_bytes: fc.jsonValue() }))
    fc.assert(
      fc.property(fc.oneof(fc.jsonValue(), fc.record({ recommendations: fc.array(entry) })), (value) => {
        for (const { name, vramBytes } of readRecommendations(value) ?? []) {
          expect(name).not.toMatch(/^$|[:-]cloud$/)
          expect(vramBytes ?? 1).toBeGreaterThan(0)
        }
      }),
    )
  })
})

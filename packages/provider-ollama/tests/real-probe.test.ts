import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type OllamaServer, startOllama } from '../../../tools/real-parts/ollama-server.mjs'
import { ollama, type OllamaProvider } from '../src/index.js'
import { realParts, whySkipped } from './support/real-ollama.js'
import { context } from './support/with-double.js'

const parts = await realParts()

describe.skipIf(!parts.available)(`probing a real Ollama${whySkipped(parts)}`, { timeout: 60_000 }, () => {
  let server: OllamaServer
  let provider: OllamaProvider
  beforeAll(async () => {
    server = await startOllama()
    provider = ollama({ baseURL: server.url, environment: {} })
  }, 60_000)
  afterAll(async () => {
    await provider?.close()
    await server?.kill()
  }, 60_000)

  it('is what the package believes, and loads nothing', async () => {
    const checks = (await provider.probe?.({ spend: false }, context())) ?? []
    expect(checks.slice(0, 6).map(({ id, verdict, status }) => [id, verdict, status])).toEqual([
      ['version', 'as-expected', 200],
      ['tags', 'as-expected', 200],
      ['ps', 'as-expected', 200],
      ['chat', 'as-expected', 404],
      ['embed', 'as-expected', 404],
      ['show', 'as-expected', 200],
    ])
    expect(await provider.running()).toEqual([])
  })

  it('makes suggestions that can be read, and none that is elsewhere', async () => {
    const found = await provider.discover?.({}, context())
    expect(found?.notes).not.toContain('This server makes no suggestions.')
    const offered = found?.models.filter(({ model }) => model.state === 'downloadable') ?? []
    expect(offered.some(({ note }) => note?.includes('suggested by Ollama') === true)).toBe(true)
    expect(offered.every(({ model }) => !model.id.includes('cloud'))).toBe(true)
  })
})

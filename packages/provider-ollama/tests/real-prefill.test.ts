import { cp, mkdir, mkdtemp, readdir, rm, symlink } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { collect, type HandlerServer, serveHandlers } from '@openmux/testkit'
import { ollamaDouble } from '@openmux/testkit/ollama'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type OllamaServer, startOllama } from '../../../tools/real-parts/ollama-server.mjs'
import { ollama, type OllamaProvider } from '../src/index.js'
import { realParts, whySkipped } from './support/real-ollama.js'
import { context } from './support/with-double.js'

const parts = await realParts()
const BEGINNING = 'One, two, three, four,'
const MESSAGES = [
  { role: 'user' as const, content: 'Count.' },
  { role: 'assistant' as const, content: BEGINNING },
]

/** Templates of the kinds there are, and whether they leave an assistant message at the end open. */
const TEMPLATES = {
  'asks-for-the-last':
    '{{- range $i, $_ := .Messages }}{{- $last := eq (len (slice $.Messages $i)) 1 }}<{{ .Role }}>{{ .Content }}{{ if not $last }}<end>{{ end }}{{ end }}',
  'closes-all': '{{- range .Messages }}<{{ .Role }}>{{ .Content }}<end>{{ end }}<assistant>',
  'with-response': '{{ .System }}<user>{{ .Prompt }}<end><assistant>{{ .Response }}<end>',
  'prompt-only': '{{ .Prompt }}',
} as const

describe.skipIf(!parts.available)(
  `a begun answer at a real Ollama${whySkipped(parts)}`,
  { timeout: 120_000, retry: 1 },
  () => {
    let folder: string
    let real: OllamaServer
    let double: HandlerServer
    let provider: OllamaProvider
    beforeAll(async () => {
      folder = await mkdtemp(join(tmpdir(), 'openmux-prefill-'))
      if (parts.available) await copyModels(parts.modelsFolder, folder)
      real = await startOllama({ env: { OLLAMA_MODELS: folder } })
      for (const [name, template] of Object.entries(TEMPLATES))
        await post(real.url, '/api/create', { model: name, from: 'gemma3-270m', template, stream: false })
      const models = Object.entries(TEMPLATES).map(([name, template]) => ({ name, template }))
      double = await serveHandlers(ollamaDouble({ models }).handlers)
      provider = ollama({ baseURL: real.url, environment: {} })
    }, 120_000)
    afterAll(async () => {
      await provider?.close()
      await double?.close()
      await real?.kill()
      await rm(folder, { recursive: true, force: true })
    }, 60_000)

    it.each(Object.keys(TEMPLATES))(
      'is left open as the card says, and as the double does: %s',
      async (name) => {
        const { _debug_info: debug } = (await post(real.url, '/api/chat', {
          model: name,
          messages: MESSAGES,
          stream: false,
          _debug_render_only: true,
        })) as { _debug_info: { rendered_template: string } }
        const isOpen = debug.rendered_template.endsWith(BEGINNING)
        const cards = await provider.models(context())
        expect(cards.find(({ id }) => id === `${name}:latest`)?.supports?.prefill).toBe(isOpen)
        const played = ollama({ baseURL: double.url, environment: {} })
        const { text } = await collect(played.chat({ model: name, messages: MESSAGES }, context()))
        expect(text.startsWith('You said')).toBe(!isOpen)
        await played.close()
      },
    )

    it('goes on, and keeps white space at the end of the beginning', async () => {
      const render = async (content: string): Promise<unknown> => {
        const answer = await post(real.url, '/api/chat', {
          model: 'asks-for-the-last',
          messages: [MESSAGES[0], { role: 'assistant', content }],
          stream: false,
          _debug_render_only: true,
        })
        return (answer as { _debug_info: { rendered_template: string } })._debug_info.rendered_template
      }
      expect(await render('One, two, ')).toMatch(/One, two, $/)
      const request = { model: 'gemma3-270m', messages: MESSAGES, maxTokens: 2, temperature: 0, seed: 1 }
      const { text, finish } = await collect(provider.chat(request, context()))
      expect(text).toMatch(/^ ?five/)
      expect(finish?.usage?.outputTokens).toBeLessThanOrEqual(2)
    })
  },
)

/** The models of another folder: their manifests, and links to their weights. */
async function copyModels(from: string, to: string): Promise<void> {
  await cp(join(from, 'manifests'), join(to, 'manifests'), { recursive: true })
  await mkdir(join(to, 'blobs'))
  for (const blob of await readdir(join(from, 'blobs')))
    await symlink(join(from, 'blobs', blob), join(to, 'blobs', blob))
}

async function post(url: string, path: string, body: object): Promise<unknown> {
  const answer = await fetch(url + path, { method: 'POST', body: JSON.stringify(body) })
  const text = await answer.text()
  if (!answer.ok) throw new Error(`${path}: ${answer.status} ${text}`)
  return JSON.parse(text)
}

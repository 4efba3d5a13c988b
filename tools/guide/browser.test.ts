import { createContext, runInContext } from 'node:vm'
import { build } from 'esbuild'
import { expect, it } from 'vitest'

/** A page that lists the provider of the guide first, and another one if it is told to. */
const PAGE = `
  import { createOpenMux } from '@openmux/core'
  import { modelNano } from '@openmux/model-nano'
  import { hfLocal } from '@openmux/provider-hf-local'

  const yes = true, no = false
  const other = {
    contract: 1, id: 'other', name: 'Other', lifecycle: { stage: 'active', since: '2026-01-01' },
    locality: 'remote', tasks: ['chat'], hosts: [],
    supports: { streaming: yes, tools: no, json: no, jsonSchema: no, vision: no, reasoning: no, seed: no, prefill: no, logprobs: no },
    ready: async () => ({ ready: yes }),
    models: async () => [{ id: 'm', tasks: ['chat'], state: 'hosted', free: yes }],
    async *chat() {
      yield { type: 'start', model: 'm', warnings: [] }
      yield { type: 'text', text: 'From elsewhere.' }
      yield { type: 'finish', reason: 'stop' }
    },
    close: async () => {},
  }
  export async function ask(alone) {
    const openmux = createOpenMux({ providers: [hfLocal({ models: [modelNano] }), ...(alone ? [] : [other])] })
    const [{ readiness }] = await openmux.providers()
    const { code, text, provider } = await openmux.chat('What is OpenMux?').catch((error) => error)
    await openmux.close()
    return JSON.stringify({ reason: readiness.reason, code, text, provider })
  }`

it('in a browser without WebAssembly the guide is not ready and says why, and the next target answers', async () => {
  const { outputFiles } = await build({
    stdin: { contents: PAGE, resolveDir: import.meta.dirname },
    bundle: true,
    write: false,
    format: 'iife',
    globalName: 'page',
    platform: 'browser',
    target: 'es2022',
    define: { 'import.meta.url': '"https://example.com/page.js"' },
    logLevel: 'silent',
  })
  const world = createContext({
    AbortController,
    AbortSignal,
    URL,
    TextEncoder,
    TextDecoder,
    performance,
    crypto,
    setTimeout,
    clearTimeout,
  })
  runInContext(`delete globalThis.WebAssembly\n${outputFiles[0]?.text ?? ''}`, world)
  const ask = async (alone: boolean): Promise<unknown> =>
    JSON.parse((await runInContext(`page.ask(${alone})`, world)) as string)
  const reason = expect.stringContaining('need Node') as string
  expect(await ask(false)).toEqual({ reason, text: 'From elsewhere.', provider: 'other' })
  expect(await ask(true)).toEqual({ reason, code: 'no-candidate', provider: 'hf-local' })
})

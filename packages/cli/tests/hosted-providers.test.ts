import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { serveHandlers } from '@openmux/testkit'
import { hfEndpointDouble } from '@openmux/testkit/hf-remote'
import { describe, expect, onTestFinished, test } from 'vitest'
import { homeWith, hostedWorld, KEYS, NOBODY, realOutcome } from './support/hosted-world.js'
import { emptyFolder } from './support/run-in-process.js'

describe('OpenRouter', () => {
  test('answers with a key, by a free model, and says so', async () => {
    const { addresses, servers } = await hostedWorld()
    const home = homeWith({ providers: { openrouter: { ...addresses.openrouter, apiKey: KEYS.openrouter } } })
    const result = await realOutcome(['What is wide?', '-v'], { home })
    expect(result.code).toBe(0)
    expect(result.out).toBe('You said: What is wide?\n')
    expect(result.err).toMatch(/— openrouter\/\S+:free by Double, /)
    expect(servers.openrouter.requests().at(-1)?.headers['authorization']).toBe(`Bearer ${KEYS.openrouter}`)
  })

  test('goes before the models in the process, and behind servers of your own', async () => {
    const { addresses, servers } = await hostedWorld()
    const providers = {
      openrouter: { ...addresses.openrouter, apiKey: KEYS.openrouter },
      mine: { ...addresses.mine, apiKey: KEYS.own },
    }
    const result = await realOutcome(['hi', '-v'], { home: homeWith({ providers }) })
    expect(result.err).toContain('— mine/double-chat')
    expect(servers.openrouter.requests()).toEqual([])
    const preferred = await realOutcome(['hi', '-v', '--prefer', 'openrouter'], {
      home: homeWith({ providers }),
    })
    expect(preferred.err).toMatch(/— openrouter\//)
  })

  test('who served behind it is told by --verbose only', async () => {
    const { addresses, openrouter } = await hostedWorld()
    const home = homeWith({ providers: { openrouter: { ...addresses.openrouter, apiKey: KEYS.openrouter } } })
    openrouter.everyChat({ pieces: ['fine'] })
    expect((await realOutcome(['hi'], { home })).err).toBe('')
    expect((await realOutcome(['hi', '-v'], { home })).err).toMatch(/— openrouter\/\S+ by Double, /)
  })
})

describe('Hugging Face', () => {
  test('answers with the token of the environment, and charges whom it is told to', async () => {
    const { addresses, servers } = await hostedWorld()
    const home = homeWith({
      providers: { 'hf-remote': { ...addresses['hf-remote'], billTo: 'my-organisation' } },
    })
    const result = await realOutcome(['hi', '-p', 'hf-remote', '-v'], {
      home,
      env: { HF_TOKEN: KEYS.huggingFace },
    })
    expect(result).toMatchObject({ code: 0, out: 'You said: hi\n' })
    const chat = servers.huggingFace.requests().find(({ path }) => path.endsWith('/chat/completions'))
    expect(chat?.headers).toMatchObject({
      authorization: `Bearer ${KEYS.huggingFace}`,
      'x-hf-bill-to': 'my-organisation',
    })
  })

  test('several endpoints, each by its name', async () => {
    const chat = hfEndpointDouble({ container: 'tgi', token: KEYS.huggingFace })
    const vectors = hfEndpointDouble({ container: 'tei', token: KEYS.huggingFace })
    const [chatServer, vectorServer] = [
      await serveHandlers(chat.handlers),
      await serveHandlers(vectors.handlers),
    ]
    onTestFinished(async () => {
      await chatServer.close()
      await vectorServer.close()
    })
    const home = homeWith({
      providers: {
        writer: { url: chatServer.url, task: 'chat' },
        embedder: { url: vectorServer.url, task: 'embeddings' },
      },
    })
    const env = { HF_TOKEN: KEYS.huggingFace }
    expect(await realOutcome(['hi', '-p', 'writer'], { home, env })).toMatchObject({
      code: 0,
      out: 'You said: hi\n',
    })
    const embedded = await realOutcome(['embed', 'a cat', '-p', 'Embedder'], { home, env })
    expect(embedded.code).toBe(0)
    expect(JSON.parse(embedded.out)).toHaveLength(384)
  })
})

describe('without keys', () => {
  test('hosted providers cost no request and are told as not configured', async () => {
    const { addresses, servers } = await hostedWorld()
    const home = homeWith({
      providers: { openrouter: addresses.openrouter, 'hf-remote': addresses['hf-remote'] },
    })
    const env = { OPENROUTER_API_KEY: '  ', HF_TOKEN: '' }
    const listed = await realOutcome(['providers', '--json'], { home, env })
    const { providers } = JSON.parse(listed.out) as {
      providers: readonly { id: string; state: string; lifecycle: { stage: string } }[]
    }
    expect(providers.map(({ id, state }) => [id, state])).toEqual([
      ['ollama', 'not-ready'],
      ['openrouter', 'not-configured'],
      ['hf-local', 'not-ready'],
      ['hf-remote', 'not-configured'],
    ])
    const told = await realOutcome(['providers'], { home, env })
    expect(told.out).toMatch(
      /○ openrouter {2}not configured\n {4}→ Set OPENROUTER_API_KEY to a key from https:/,
    )
    expect(told.out).toMatch(/○ hf-remote {2}not configured .*\n {4}→ Set HF_TOKEN to a token from https:/)
    for (const argv of [['hi'], ['models'], ['embed', 'a'], ['explain', 'hi']])
      await realOutcome(argv, { home, env })
    expect(Object.values(servers).flatMap((server) => server.requests())).toEqual([])
  })

  test('models says nothing of them, unless one is asked for', async () => {
    const { servers, addresses } = await hostedWorld()
    const home = homeWith({ providers: { mine: { ...addresses.mine, apiKey: KEYS.own } } })
    const all = await realOutcome(['models'], { home })
    expect(all.out).toContain('mine/double-chat')
    expect(all.err).not.toMatch(/openrouter|hf-remote/)
    const one = await realOutcome(['models', '-p', 'openrouter'], { home })
    expect(one.code).toBe(3)
    expect(one.err).toContain('Set OPENROUTER_API_KEY')
    expect(servers.own.requests()).toHaveLength(1)
  })

  test('asked for by name: what to do, exit code 3', async () => {
    for (const [id, variable] of [
      ['openrouter', 'OPENROUTER_API_KEY'],
      ['hf-remote', 'HF_TOKEN'],
      ['groq', 'GROQ_API_KEY'],
    ] as const) {
      const result = await realOutcome(['hi', '-p', id])
      expect(result).toMatchObject({ code: 3, out: '' })
      expect(result.err).toContain(`${id}: not configured: there is no key`)
      expect(result.err).toContain(`Set ${variable} to`)
    }
  })
})

describe('servers of the OpenAI format', () => {
  test('one of your own, with its key from a variable that you name', async () => {
    const { addresses, servers } = await hostedWorld()
    const home = homeWith({ providers: { mine: { ...addresses.mine, apiKeyVariable: 'MY_KEY' } } })
    const result = await realOutcome(['hi'], { home, env: { MY_KEY: KEYS.own } })
    expect(result).toMatchObject({ code: 0, out: 'You said: hi\n', err: '' })
    expect(servers.own.requests().at(-1)?.headers['authorization']).toBe(`Bearer ${KEYS.own}`)
  })

  test('a preset of this machine needs no key and no configuration, only its name', async () => {
    const { servers, own } = await hostedWorld()
    own.reset()
    const home = homeWith({
      order: ['lm-studio'],
      providers: { 'lm-studio': { baseURL: `${servers.own.url}/v1`, apiKey: KEYS.own } },
    })
    expect(await realOutcome(['hi'], { home })).toMatchObject({ code: 0, out: 'You said: hi\n' })
    const away = await realOutcome(['hi', '-p', 'llama-cpp'], {
      home: homeWith({ providers: { 'llama-cpp': { baseURL: `http://${NOBODY}/v1` } } }),
    })
    expect(away.code).toBe(3)
    expect(away.err).toContain('llama-server -m model.gguf')
  })

  test('presets whose key is set are listed as there, and not asked', async () => {
    const env = { GROQ_API_KEY: 'gsk_0123456789abcdef', GITHUB_TOKEN: 'ghp_0123456789abcdef' }
    const { out } = await realOutcome(['providers'], { env })
    expect(out).toMatch(
      /name it with --provider: lm-studio, llama-cpp, vllm, groq \(GROQ_API_KEY is set\)\.\n$/,
    )
    const { usable } = JSON.parse((await realOutcome(['providers', '--json'], { env })).out) as {
      usable: readonly { id: string; keyVariable?: string }[]
    }
    expect(usable.find(({ id }) => id === 'groq')).toEqual({
      id: 'groq',
      name: 'Groq',
      keyVariable: 'GROQ_API_KEY',
    })
    expect((await realOutcome(['explain', 'hi'], { env })).out).not.toContain('groq')
  })

  test('a retired preset that is named says why, and what instead', async () => {
    const result = await realOutcome(['hi', '-p', 'github-models'], {
      env: { GITHUB_TOKEN: 'ghp_0123456789abcdef' },
    })
    expect(result.code).toBe(3)
    expect(result.err).toContain('(provider-disabled)')
    expect(result.err).toContain('GitHub retired GitHub Models')
    expect(result.err).toContain('--force-enabled github-models')
  })
})

test('a folder cannot have a key of yours sent to its own server', async () => {
  const { addresses, servers } = await hostedWorld()
  const cwd = emptyFolder()
  const theirs = { ...addresses.mine, apiKeyVariable: 'OPENROUTER_API_KEY' }
  writeFileSync(
    join(cwd, 'openmux.config.json'),
    JSON.stringify({ providers: { theirs, 'hf-remote': addresses['hf-remote'] } }),
  )
  const env = { OPENROUTER_API_KEY: KEYS.openrouter, HF_TOKEN: KEYS.huggingFace }
  const result = await realOutcome(['hi', '-p', 'theirs'], { cwd, env })
  expect(result.err).toContain('OPENROUTER_API_KEY is not sent to the address that')
  await realOutcome(['hi', '-p', 'hf-remote'], { cwd, env })
  const sent = Object.values(servers).flatMap((server) => server.requests())
  expect(JSON.stringify(sent)).not.toMatch(/sk-or-v1|hf_Canary/)
})

test('a key that is set for the service and not for an address of your own is told, not called missing', async () => {
  const { addresses, servers } = await hostedWorld()
  const home = homeWith({ providers: { openrouter: addresses.openrouter } })
  const env = { OPENROUTER_API_KEY: KEYS.openrouter }
  const result = await realOutcome(['hi', '-p', 'openrouter'], { home, env })
  expect(result.err).toMatch(/note: OPENROUTER_API_KEY is not sent to the address that .*config\.json names/)
  expect(result.err).toContain('Give the key beside the address, as providers.openrouter.apiKey.')
  expect(result.err).not.toMatch(/there is no key|Set OPENROUTER_API_KEY/)
  expect(JSON.stringify(servers.openrouter.requests())).not.toContain(KEYS.openrouter)
})

test('with --offline and --local nothing hosted is asked, whatever keys there are', async () => {
  const { addresses, servers } = await hostedWorld()
  const home = homeWith({
    providers: {
      openrouter: { ...addresses.openrouter, apiKey: KEYS.openrouter },
      'hf-remote': { ...addresses['hf-remote'], token: KEYS.huggingFace },
    },
  })
  for (const argv of [
    ['hi', '--offline'],
    ['hi', '--local'],
    ['models', '--offline'],
    ['providers', '--offline'],
    ['explain', 'hi', '--local'],
  ])
    await realOutcome(argv, { home })
  expect([...servers.openrouter.requests(), ...servers.huggingFace.requests()]).toEqual([])
  const refused = await realOutcome(['hi', '--local'], { home })
  expect(refused.code).toBe(3)
  // That they were left out is what the person said.
  expect(refused.err).not.toMatch(/openrouter|hf-remote/)
  expect((await realOutcome(['providers', '--offline'], { home })).out).toMatch(/○ openrouter {2}left out/)
})

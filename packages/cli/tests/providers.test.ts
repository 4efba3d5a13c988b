import { OpenMuxError, type Provider } from '@openmux/core'
import { scriptedProvider } from '@openmux/testkit'
import { PRESETS } from '@openmux/openai-compatible'
import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { Configuration, Source } from '../src/configuration/configuration.js'
import type { Environment } from '../src/configuration/environment.js'
import { bindKeys } from '../src/providers/bind-keys.js'
import { providersFrom } from '../src/providers/create-providers.js'
import { ownEntry } from '../src/providers/own-servers.js'
import type { ProviderEntry, ProviderSetup } from '../src/providers/provider-entry.js'
import { PROVIDERS } from '../src/providers/registry.js'

const USER: Source = { name: '~/.config/openmux/config.json', trust: 'user' }
const FOLDER: Source = { name: './openmux.config.json', trust: 'folder' }

function environment(real: Record<string, string>, dotenv: Record<string, string> = {}): Environment {
  return {
    values: { ...dotenv, ...real },
    sourceOf: (name) =>
      real[name] !== undefined
        ? { name: 'the environment', trust: 'user' }
        : dotenv[name] !== undefined
          ? { name: '.env', trust: 'folder' }
          : undefined,
  }
}

function entry(id: string, load: (setup: ProviderSetup) => Promise<Provider>): ProviderEntry {
  return {
    id,
    name: id,
    packageName: `@openmux/provider-${id}`,
    variables: [],
    addresses: [],
    locality: 'local',
    tasks: ['chat'],
    lifecycle: { stage: 'active', since: '2026-11-23' },
    load,
  }
}

const fine = (id: string): ProviderEntry => entry(id, async () => scriptedProvider({ id }))
const base = (configuration: Configuration, file?: Source) => ({
  configuration,
  providers: configuration.providers ?? {},
  environment: environment({}),
  file,
})

test('providers come in the order of the configuration, without those switched off', async () => {
  const create = providersFrom([fine('a'), fine('b'), fine('c')])
  const ids = async (configuration: Configuration) =>
    (await create(base(configuration))).providers.map(({ id }) => id)
  expect(await ids({})).toEqual(['a', 'b', 'c'])
  expect(await ids({ order: ['c', 'a'] })).toEqual(['c', 'a'])
  expect(await ids({ providers: { b: { enabled: false } } })).toEqual(['a', 'c'])
  await expect(ids({ order: ['aa'] })).rejects.toMatchObject({
    code: 'bad-config',
    field: 'order[0]',
    hint: 'Did you mean a?',
  })
})

test('forceEnabled is read in any spelling, also for a provider that is not part of the run', async () => {
  const create = providersFrom([fine('a'), fine('b-c')])
  const force = async (...forceEnabled: string[]) =>
    (await create(base({ forceEnabled, order: ['a'] }))).forceEnabled
  expect(await force('B C', 'a')).toEqual(['b-c', 'a'])
  expect(await force('github-models')).toEqual(['github-models'])
  await expect(force('b-d')).rejects.toMatchObject({
    code: 'bad-config',
    field: 'forceEnabled[0]',
    hint: 'Did you mean b-c?',
  })
})

test('who is named is used, also when the order leaves it out or nobody configured it', async () => {
  const create = providersFrom([fine('a'), fine('b'), fine('c')])
  const ids = async (configuration: Configuration) =>
    (await create(base(configuration))).providers.map(({ id }) => id)
  expect(await ids({ order: [], provider: 'B' })).toEqual(['b'])
  expect(await ids({ order: ['a'], model: 'c/some-model' })).toEqual(['a', 'c'])
  expect(await ids({ order: ['a'], prefer: ['b', 'some/model'] })).toEqual(['a', 'b'])
  expect(await ids({ provider: 'LM Studio' })).toEqual(['a', 'b', 'c', 'lm-studio'])
  // The name of a model, though a preset is called like its maker.
  expect(await ids({ model: 'openai/gpt-oss-20b', prefer: ['openai/gpt-oss-20b'] })).toEqual(['a', 'b', 'c'])
  const off = ids({ provider: 'b', providers: { b: { enabled: false } } })
  await expect(off).rejects.toMatchObject({ code: 'bad-request', field: 'provider', provider: 'b' })
})

test('a name nobody has is told with the nearest, presets among them', async () => {
  const create = providersFrom([fine('alpha')])
  const hint = async (provider: string): Promise<string> =>
    create(base({ provider })).then(
      () => 'accepted',
      (error: OpenMuxError) => error.hint,
    )
  expect(await hint('alhpa')).toBe('Did you mean alpha?')
  expect(await hint('grok')).toBe('Did you mean groq?')
  expect(await hint('zzzzzzzz')).toMatch(/^There are: alpha; and by name lm-studio, .*groq/)
})

test('a package that is not installed is a provider that says so', async () => {
  const missing = Object.assign(new Error("Cannot find package '@openmux/provider-b' imported from x"), {
    code: 'ERR_MODULE_NOT_FOUND',
  })
  const create = providersFrom([fine('a'), entry('b', () => Promise.reject(missing))])
  const { providers } = await create(base({}))
  const context = {
    signal: new AbortController().signal,
    clock: { now: () => 0, after: () => () => undefined },
  }
  expect(await providers[1]?.ready(context)).toEqual({
    ready: false,
    reason: 'the package @openmux/provider-b is not installed',
    remedies: ['Install it: npm install @openmux/provider-b'],
  })
  expect(providers[1]?.lifecycle).toEqual({ stage: 'active', since: '2026-11-23' })
  await expect(providers[1]?.models(context)).rejects.toMatchObject({ code: 'needs-setup' })
})

test('something missing inside a package is not mistaken for the package', async () => {
  const inner = Object.assign(new Error("Cannot find package 'other' imported from x"), {
    code: 'ERR_MODULE_NOT_FOUND',
  })
  const create = providersFrom([entry('b', () => Promise.reject(inner))])
  await expect(create(base({}))).rejects.toBe(inner)
})

test('an option that the package refuses is told with the file and its key', async () => {
  const refusal = new OpenMuxError({
    code: 'bad-config',
    field: 'device',
    message: 'device must be one of cpu.',
  })
  const create = providersFrom([entry('b', () => Promise.reject(refusal))])
  await expect(create(base({ providers: { b: { device: 'cuda' } } }, FOLDER))).rejects.toMatchObject({
    code: 'bad-config',
    field: 'providers.b.device',
    message: './openmux.config.json: providers.b.device is wrong. device must be one of cpu.',
  })
})

test('floors of the run reach the providers', async () => {
  const seen: ProviderSetup[] = []
  const create = providersFrom([
    entry('b', async (setup) => (seen.push(setup), scriptedProvider({ id: 'b' }))),
  ])
  await create(base({ offline: true }))
  await create(base({ localOnly: true }))
  await create(base({}))
  expect(seen.map(({ offline, stayLocal }) => [offline, stayLocal])).toEqual([
    [true, true],
    [false, true],
    [false, false],
  ])
})

test('the real packages load, and take what the registry gives them', async () => {
  const { providers } = await providersFrom()({
    ...base({ offline: true }),
    environment: environment({ OLLAMA_HOST: 'http://192.0.2.1:1234', OPENMUX_CACHE: '/nowhere' }),
  })
  expect(providers.map(({ id, hosts }) => [id, hosts[0]])).toEqual([
    ['ollama', '192.0.2.1:1234'],
    ['openrouter', undefined],
    ['hf-local', undefined],
    ['hf-remote', undefined],
  ])
  await Promise.all(providers.map((provider) => provider.close()))
})

test('a wrong OLLAMA_HOST is a typed error that names the variable', async () => {
  const create = providersFrom()({ ...base({}), environment: environment({ OLLAMA_HOST: 'ftp://x' }) })
  await expect(create).rejects.toMatchObject({ code: 'bad-config', field: 'OLLAMA_HOST' })
})

test('the environment goes before the file', () => {
  const hf = PROVIDERS.find(({ id }) => id === 'hf-local')
  if (hf === undefined) throw new Error('no hf-local')
  const file = { hub: 'https://file.invalid', cacheFolder: '/file', threads: 2 }
  const { options } = bindKeys(
    hf,
    file,
    USER,
    environment({ HF_ENDPOINT: 'https://env.invalid', OPENMUX_CACHE: '/env' }),
  )
  expect(options).toEqual({ threads: 2 })
})

test("the user's key is not sent to an address that came with a folder", () => {
  const [ollama, , hf] = PROVIDERS
  if (ollama === undefined || hf === undefined) throw new Error('no providers')
  const stolen = bindKeys(hf, { hub: 'https://evil.invalid' }, FOLDER, environment({ HF_TOKEN: 'mine' }))
  expect(stolen.env['HF_TOKEN']).toBeUndefined()
  expect(stolen.notices.join()).toContain('HF_TOKEN is not sent')
  const byDotenv = bindKeys(
    hf,
    {},
    undefined,
    environment({ HF_TOKEN: 'mine' }, { HF_ENDPOINT: 'https://evil.invalid' }),
  )
  expect(byDotenv.env['HF_TOKEN']).toBeUndefined()
  const fromUsersFile = bindKeys(
    ollama,
    { apiKey: 'mine' },
    USER,
    environment({}, { OLLAMA_HOST: 'evil.invalid' }),
  )
  expect(fromUsersFile.options).not.toHaveProperty('apiKey')
})

test('keys that are trusted as much as their address stay', () => {
  const [ollama, , hf] = PROVIDERS
  if (ollama === undefined || hf === undefined) throw new Error('no providers')
  expect(
    bindKeys(hf, {}, undefined, environment({ HF_TOKEN: 'mine', HF_ENDPOINT: 'https://own.invalid' })).env[
      'HF_TOKEN'
    ],
  ).toBe('mine')
  expect(
    bindKeys(hf, { hub: 'https://own.invalid' }, USER, environment({ HF_TOKEN: 'mine' })).env['HF_TOKEN'],
  ).toBe('mine')
  expect(bindKeys(ollama, { apiKey: 'theirs', baseURL: 'x' }, FOLDER, environment({})).options).toMatchObject(
    { apiKey: 'theirs' },
  )
  const both = environment({}, { HF_ENDPOINT: 'https://x.invalid', HF_TOKEN: 'theirs' })
  expect(bindKeys(hf, {}, undefined, both).env['HF_TOKEN']).toBe('theirs')
})

describe('the token of Hugging Face, which several providers read', () => {
  const remote = (): ProviderEntry => {
    const found = PROVIDERS.find(({ id }) => id === 'hf-remote')
    if (found === undefined) throw new Error('no hf-remote')
    return found
  }
  const mine = environment({ HF_TOKEN: 'mine' })

  test.each(['baseURL', 'hubURL'])('is held back when %s came with a folder', (option) => {
    const bound = bindKeys(remote(), { [option]: 'https://evil.invalid' }, FOLDER, mine)
    expect(bound.env['HF_TOKEN']).toBeUndefined()
    expect(bound.hasKey).toBe(false)
    expect(bound.notices.join()).toMatch(/HF_TOKEN is not sent .*configuration file of your own/)
  })

  test('is held back from an endpoint that a folder names, whose host anybody could rent', () => {
    const options = { url: 'https://evil.us-east-1.aws.endpoints.huggingface.cloud', task: 'chat' }
    const theirs = ownEntry('theirs', options, [])
    expect(bindKeys(theirs, options, FOLDER, mine).env['HF_TOKEN']).toBeUndefined()
    expect(bindKeys(theirs, options, USER, mine).env['HF_TOKEN']).toBe('mine')
  })

  test('goes before the one of the file, but not to a gateway of your own', () => {
    expect(bindKeys(remote(), { token: 'file' }, USER, mine).options).toEqual({})
    const gateway = { token: 'file', baseURL: 'https://gateway.example' }
    expect(bindKeys(remote(), gateway, USER, mine).options).toEqual(gateway)
  })

  test('that its package would not send to a gateway is told, with where a key for it belongs', () => {
    const gateway = bindKeys(remote(), { baseURL: 'https://gateway.invalid' }, USER, mine)
    expect(gateway).toMatchObject({
      hasKey: false,
      way: expect.stringContaining('providers.hf-remote.token'),
    })
    expect(gateway.notices).toHaveLength(1)
    // Where requests go decides, not where models are looked up; a stand-in on this machine is none's gain.
    expect(bindKeys(remote(), { hubURL: 'https://mirror.invalid' }, USER, mine)).toMatchObject({
      hasKey: true,
    })
    expect(bindKeys(remote(), { baseURL: 'http://127.0.0.1:9' }, USER, mine)).toMatchObject({ hasKey: true })
  })
})

test('a folder cannot pair a key of yours with another service', () => {
  const options = { baseURL: 'https://evil.invalid/v1', apiKeyVariable: 'OPENAI_API_KEY' }
  const keys = environment({ OPENAI_API_KEY: 'mine', GROQ_API_KEY: 'mine' })
  const presets = Object.values(PRESETS)
  expect(
    bindKeys(ownEntry('evil', options, presets), options, FOLDER, keys).env['OPENAI_API_KEY'],
  ).toBeUndefined()
  const paired = { preset: 'groq', apiKeyVariable: 'OPENAI_API_KEY' }
  expect(
    bindKeys(ownEntry('evil', paired, presets), paired, FOLDER, keys).env['OPENAI_API_KEY'],
  ).toBeUndefined()
  // Naming a service is no harm: its key goes to its own address.
  const fair = { preset: 'groq' }
  expect(bindKeys(ownEntry('fair', fair, presets), fair, FOLDER, keys)).toMatchObject({
    hasKey: true,
    notices: [],
  })
})

test('whatever says where, a key of the user never stays with an address of a folder', () => {
  const place = fc.constantFrom('nowhere', 'environment', 'dotenv', 'file')
  const servers = [
    ...PROVIDERS,
    ownEntry('box', { baseURL: 'https://box.invalid', apiKeyVariable: 'BOX_KEY' }, []),
  ]
  fc.assert(
    fc.property(
      fc.constantFrom(...servers),
      place,
      place,
      fc.constantFrom(USER, FOLDER),
      fc.nat(),
      (provider, keyIn, addressIn, file, pick) => {
        const real: Record<string, string> = {}
        const dotenv: Record<string, string> = {}
        const options: Record<string, unknown> = {}
        const put = (where: string, variable: string | undefined, option: string, value: string): boolean => {
          if (where === 'file') options[option] = value
          else if (where === 'environment' && variable !== undefined) real[variable] = value
          else if (where === 'dotenv' && variable !== undefined) dotenv[variable] = value
          else return false
          return true
        }
        const keyName = provider.variables.find(({ role }) => role === 'key')?.name
        const addressName = provider.variables.find(({ role }) => role === 'address')?.name
        const address = provider.addresses[pick % provider.addresses.length] ?? ''
        put(keyIn, keyName, provider.keyOption ?? '', 'the-key')
        const isSet = put(addressIn, addressName, address, 'https://somewhere.invalid')
        const trust = (where: string): string =>
          where === 'environment' || (where === 'file' && file === USER) ? 'user' : 'folder'
        const bound = bindKeys(provider, options, file, environment(real, dotenv))
        const kept = JSON.stringify([bound.options, bound.env]).includes('the-key')
        if (isSet && trust(addressIn) === 'folder' && trust(keyIn) === 'user') {
          expect(kept).toBe(false)
          expect(bound.hasKey).toBe(false)
        }
      },
    ),
    { numRuns: 2_000 },
  )
})

import { OpenMuxError, type Provider } from '@openmux/core'
import { scriptedProvider } from '@openmux/testkit'
import { expect, test } from 'vitest'
import type { Configuration, Source } from '../src/configuration/configuration.js'
import type { Environment } from '../src/configuration/environment.js'
import { bindKeys } from '../src/providers/bind-keys.js'
import { providersFrom } from '../src/providers/create-providers.js'
import { type ProviderEntry, type ProviderSetup, PROVIDERS } from '../src/providers/registry.js'

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
  return { id, name: id, packageName: `@openmux/provider-${id}`, variables: [], load }
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

test('enabled: true forces a provider on that its package calls disabled', async () => {
  const create = providersFrom([fine('a'), fine('b')])
  expect((await create(base({ providers: { b: { enabled: true } } }))).forceEnabled).toEqual(['b'])
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
    ['hf-local', undefined],
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
  const [ollama, hf] = PROVIDERS
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
  const [ollama, hf] = PROVIDERS
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

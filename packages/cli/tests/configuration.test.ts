import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { isOpenMuxError, type OpenMuxError } from '@openmux/core'
import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { configurationFolder, foldersUpwards } from '../src/configuration/find-file.js'
import { loadSettings, type Settings } from '../src/configuration/settings.js'
import type { CommandOptions } from '../src/options/command-options.js'
import { emptyFolder, outcome } from './support/run-in-process.js'

interface Given {
  readonly file?: unknown
  readonly env?: Readonly<Record<string, string>>
  readonly dotenv?: string
  readonly options?: CommandOptions
}

async function settings({ file, env = {}, dotenv, options = {} }: Given): Promise<Settings> {
  const cwd = emptyFolder()
  if (file !== undefined)
    writeFileSync(join(cwd, 'openmux.config.json'), typeof file === 'string' ? file : JSON.stringify(file))
  if (dotenv !== undefined) writeFileSync(join(cwd, '.env'), dotenv)
  return loadSettings(options, { env, cwd, home: emptyFolder(), platform: 'linux' })
}

async function refused(given: Given): Promise<OpenMuxError> {
  const error: unknown = await settings(given).then(
    () => undefined,
    (thrown: unknown) => thrown,
  )
  if (isOpenMuxError(error)) return error
  throw new Error('It was accepted.')
}

test('command line goes before environment, that before .env, that before the file', async () => {
  const file = { embeddingModel: 'file', prefer: ['file'], system: 'file', timeout: 1 }
  const dotenv = 'OPENMUX_EMBEDDING_MODEL=dotenv\nOPENMUX_PREFER=dotenv\nOPENMUX_SYSTEM=dotenv\n'
  const env = { OPENMUX_EMBEDDING_MODEL: 'env', OPENMUX_PREFER: 'env' }
  const { configuration } = await settings({ file, dotenv, env, options: { prefer: ['flag'] } })
  expect(configuration).toMatchObject({
    prefer: ['flag'],
    embeddingModel: 'env',
    system: 'dotenv',
    timeout: 1,
  })
})

test('provider and model count as one: who names either decides about both', async () => {
  const file = { provider: 'ollama', model: 'llama3.2:1b' }
  const chosen = async (given: Given) => {
    const { provider, model } = (await settings({ file, ...given })).configuration
    return [provider, model]
  }
  expect(await chosen({})).toEqual(['ollama', 'llama3.2:1b'])
  expect(await chosen({ options: { provider: 'hf-local' } })).toEqual(['hf-local', undefined])
  expect(await chosen({ env: { OPENMUX_MODEL: 'qwen3' } })).toEqual([undefined, 'qwen3'])
  const both = await chosen({ env: { OPENMUX_MODEL: 'qwen3' }, options: { provider: 'hf-local' } })
  expect(both).toEqual(['hf-local', undefined])
  const other = await settings({
    file: { embeddingModel: 'nomic-embed-text' },
    options: { provider: 'hf-local' },
  })
  expect(other.configuration.embeddingModel).toBeUndefined()
})

test('the file may have comments, trailing commas and a byte order mark', async () => {
  const { configuration } = await settings({ file: '\ufeff{\n  // why\n  "model": "a", /* and */\n}\n' })
  expect(configuration.model).toBe('a')
})

test('an empty variable is as good as unset', async () => {
  const { configuration } = await settings({ file: { model: 'file' }, env: { OPENMUX_MODEL: ' ' } })
  expect(configuration.model).toBe('file')
})

test.each([
  ['OPENMUX_PREFER', 'ollama, llama3.2:1b,', { prefer: ['ollama', 'llama3.2:1b'] }],
  ['OPENMUX_OFFLINE', 'Yes', { offline: true }],
  ['OPENMUX_LOCAL', '0', { localOnly: false }],
  ['OPENMUX_TIMEOUT', '2.5', { timeout: 2.5 }],
  ['OPENMUX_MAX_ATTEMPTS', '2', { maxAttempts: 2 }],
])('%s=%s is read', async (name, value, expected) => {
  expect((await settings({ env: { [name]: value } })).configuration).toMatchObject(expected)
})

test.each([
  [{ modle: 'a' }, 'modle', 'did you mean model?'],
  [
    { providers: { olama: {} } },
    'providers.olama',
    'did you mean providers.ollama'.replace('providers.', ''),
  ],
  [{ providers: { ollama: { baseUrl: 'x' } } }, 'providers.ollama.baseUrl', 'did you mean baseURL?'],
  [
    { timeout: '60' },
    'timeout',
    'timeout must be a number of seconds from 0 (no limit), not a text of 2 characters',
  ],
  [{ timeout: -1 }, 'timeout', 'not -1'],
  [{ maxAttempts: 1.5 }, 'maxAttempts', 'maxAttempts must be a whole number above 0, not 1.5'],
  [{ prefer: 'ollama' }, 'prefer', 'an array of providers or models'],
  [{ prefer: ['ollama', ''] }, 'prefer[1]', 'not an empty text'],
  [{ offline: 'yes' }, 'offline', 'offline must be true or false'],
  [{ providers: { 'hf-local': { dtype: 'int4' } } }, 'providers.hf-local.dtype', 'one of fp32'],
  [
    { providers: { 'hf-local': { cacheFolder: 'models' } } },
    'providers.hf-local.cacheFolder',
    'an absolute path',
  ],
  [
    { providers: { 'hf-local': { models: [{ name: 'x' }] } } },
    'providers.hf-local.models[0]',
    'a model id, or an object',
  ],
  [[], 'the whole file', 'an object of settings, not an empty array'],
])('a wrong file %j is refused with file, key and shape', async (file, field, part) => {
  const error = await refused({ file })
  expect(error).toMatchObject({ code: 'bad-config', field })
  expect(error.message).toContain('openmux.config.json: ')
  expect(error.message).toContain(part)
})

test('several mistakes are told at once', async () => {
  const { message } = await refused({ file: { modle: 'a', offline: 1, timeout: 'x' } })
  for (const key of ['modle', 'offline', 'timeout']) expect(message).toContain(key)
})

test('what is not JSON is refused with line and column, and nothing of its text', async () => {
  const error = await refused({ file: '{\n  "providers": { "ollama": { "apiKey": "very-secret" "x" } }\n}' })
  expect(error.message).toMatch(/openmux\.config\.json is not JSON: comma expected at line 2, column 54\.$/)
  expect(JSON.stringify(error)).not.toContain('very-secret')
})

test('a value in the wrong place is never shown: it may be a key', async () => {
  const error = await refused({ file: { offline: 'a-key-of-mine', providers: { ollama: 'another-key' } } })
  expect(JSON.stringify(error)).not.toMatch(/a-key-of-mine|another-key/)
  const variable = await refused({ dotenv: 'OPENMUX_TIMEOUT=a-key-of-mine' })
  expect(variable).toMatchObject({ code: 'bad-config', field: 'OPENMUX_TIMEOUT' })
  expect(variable.message).toContain('OPENMUX_TIMEOUT (in .env) must be a number of seconds')
  expect(JSON.stringify(variable)).not.toContain('a-key-of-mine')
})

test('any object below providers is read or refused by name, and no value is ever shown', async () => {
  const { configurationSchema } = await import('../src/configuration/schema.js')
  const { configError } = await import('../src/configuration/config-errors.js')
  const value = fc.oneof(fc.constant('secret-value'), fc.jsonValue({ maxDepth: 2 }))
  const key = fc.constantFrom(
    'baseURL',
    'apiKey',
    'url',
    'task',
    'preset',
    'models',
    'headers',
    'tasks',
    'token',
  )
  const id = fc.constantFrom('groq', 'my-box', 'ollama', 'olama', 'hf-remote', 'My Box', '', 'openrouter')
  const options = fc.oneof(value, fc.dictionary(key, value))
  fc.assert(
    fc.property(fc.dictionary(id, options), (providers) => {
      const checked = configurationSchema.safeParse({ providers })
      if (checked.success) return
      const error = configError('file', checked.error.issues, { providers })
      expect(error.code).toBe('bad-config')
      expect(error.field).toMatch(/^providers/)
      expect(error.hint).not.toBe('')
      expect(JSON.stringify(error)).not.toContain('secret-value')
    }),
    { numRuns: 1_000 },
  )
})

test('the nearest file upwards is taken, not above the home folder', async () => {
  const home = emptyFolder()
  const cwd = join(home, 'a', 'b')
  mkdirSync(cwd, { recursive: true })
  writeFileSync(join(home, 'openmux.config.json'), '{ "model": "home" }')
  const io = { env: {}, cwd, home, platform: 'linux' as const }
  expect((await loadSettings({}, io)).configuration.model).toBe('home')
  writeFileSync(join(home, 'a', 'openmux.config.json'), '{ "model": "a" }')
  expect((await loadSettings({}, io)).configuration.model).toBe('a')
  expect(foldersUpwards('/home/me/a/b', '/home/me')).toEqual(['/home/me/a/b', '/home/me/a', '/home/me'])
  expect(foldersUpwards('/srv/x', '/home/me')).toEqual(['/srv/x', '/srv', '/'])
})

test('without one, the file in the configuration folder is taken; --config and OPENMUX_CONFIG go before', async () => {
  const home = emptyFolder()
  const cwd = emptyFolder()
  mkdirSync(join(home, '.config', 'openmux'), { recursive: true })
  writeFileSync(join(home, '.config', 'openmux', 'config.json'), '{ "model": "user" }')
  writeFileSync(join(cwd, 'mine.json'), '{ "model": "mine" }')
  const io = { env: {}, cwd, home, platform: 'linux' as const }
  expect((await loadSettings({}, io)).configuration.model).toBe('user')
  expect((await loadSettings({ config: 'mine.json' }, io)).configuration.model).toBe('mine')
  expect((await loadSettings({}, { ...io, env: { OPENMUX_CONFIG: 'mine.json' } })).configuration.model).toBe(
    'mine',
  )
  await expect(loadSettings({ config: 'none.json' }, io)).rejects.toMatchObject({
    code: 'bad-config',
    field: '--config',
  })
})

test('a .env of the folder cannot say by which proxy requests go', async () => {
  const dotenv =
    'HTTPS_PROXY=http://a:1\nhttps_proxy=http://a:1\nHTTP_PROXY=http://a:1\nNo_Proxy=*\nREQUEST_METHOD=GET\nA_PROXY=b\n'
  const { environment } = await settings({ dotenv, env: { https_proxy: 'http://mine:1' } })
  expect(environment.values).toEqual({ https_proxy: 'http://mine:1', A_PROXY: 'b' })
})

test('a .env of the folder cannot choose another configuration file', async () => {
  const { file } = await settings({ dotenv: 'OPENMUX_CONFIG=/does/not/exist.json' })
  expect(file).toBeUndefined()
})

test('the configuration folder follows each platform', () => {
  const home = '/home/me'
  expect(configurationFolder({ env: {}, home, platform: 'linux' })).toBe('/home/me/.config/openmux')
  expect(configurationFolder({ env: { XDG_CONFIG_HOME: '/x' }, home, platform: 'darwin' })).toBe('/x/openmux')
  expect(configurationFolder({ env: { XDG_CONFIG_HOME: 'relative' }, home, platform: 'linux' })).toBe(
    '/home/me/.config/openmux',
  )
  expect(configurationFolder({ env: { APPDATA: '/roaming' }, home, platform: 'win32' })).toBe(
    '/roaming/openmux',
  )
})

test('the command line tells a broken configuration with exit code 2, also as JSON', async () => {
  const cwd = emptyFolder()
  writeFileSync(join(cwd, 'openmux.config.json'), '{ "modle": "a" }')
  const people = await outcome(['hi'], { cwd })
  expect(people).toMatchObject({ code: 2, out: '' })
  expect(people.err.replaceAll(/\s+/g, ' ')).toContain(
    'there is no key modle (did you mean model?). (bad-config)',
  )
  const programs = await outcome(['hi', '--json'], { cwd })
  expect(JSON.parse(programs.out)).toMatchObject({
    exitCode: 2,
    error: { code: 'bad-config', field: 'modle' },
  })
})

test('what the file takes is told in the words of the file, not in those of options', async () => {
  const cwd = emptyFolder()
  writeFileSync(join(cwd, 'openmux.config.json'), '{ "localOnyl": true }')
  const { err } = await outcome(['hi'], { cwd })
  expect(err.replaceAll(/\s+/g, ' ')).toContain(
    'forceEnabled, localOnly, offline, zeroCost, minContextTokens',
  )
})

test('a server of your own without an address is told where the address belongs', async () => {
  const cwd = emptyFolder()
  writeFileSync(join(cwd, 'openmux.config.json'), '{ "providers": { "my-box": {} } }')
  const { code, err } = await outcome(['hi'], { cwd, realProviders: true })
  expect(code).toBe(2)
  expect(err.replaceAll(/\s+/g, ' ')).toContain('openmux.config.json: providers.my-box.baseURL is wrong.')
})

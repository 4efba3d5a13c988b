import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { ERROR_CODES, type HistoryPolicy, type OnBreak, type PolicyName, TASKS } from '@openmux/core'
import { COMBINE_STRATEGIES } from '@openmux/core/combine'
import { PRESETS } from '@openmux/openai-compatible'
import { parse } from 'jsonc-parser'
import { describe, expect, expectTypeOf, test } from 'vitest'
import { CHAT_HELP } from '../src/chat/slash-commands.js'
import type { Configuration } from '../src/configuration/configuration.js'
import { ENDPOINT_OPTIONS, PROVIDER_OPTIONS, SERVER_OPTIONS } from '../src/configuration/provider-options.js'
import { configurationSchema } from '../src/configuration/schema.js'
import { loadSettings } from '../src/configuration/settings.js'
import { VARIABLES } from '../src/configuration/variables.js'
import { COMBINE_WORDS, COMMANDS } from '../src/options/command-options.js'
import {
  HISTORY_WORDS,
  ON_BREAK_WORDS,
  OPTIONS,
  POLICY_WORDS,
  TASK_WORDS,
} from '../src/options/option-table.js'
import { bindKeys } from '../src/providers/bind-keys.js'
import { providersFrom } from '../src/providers/create-providers.js'
import type { ProviderEntry, ProviderSetup } from '../src/providers/provider-entry.js'
import { PROVIDERS } from '../src/providers/registry.js'
import { wantedEntries } from '../src/providers/wanted-entries.js'
import { EXIT_CODES, exitCodeOf } from '../src/render/exit-codes.js'
import { EXIT_HELP } from '../src/render/exit-help.js'
import { emptyFolder } from './support/run-in-process.js'

const page = (name: string): string => readFileSync(join(import.meta.dirname, '../../../docs', name), 'utf8')

/** The rows of the table below a heading, cells without the marks of code. */
function rows(text: string, heading: string): readonly (readonly string[])[] {
  const section =
    text.split(new RegExp(`^#+ ${heading.replaceAll('.', '\\.')}$`, 'm'))[1]?.split(/^#+ /m)[0] ?? ''
  const lines = section.split('\n').filter((line) => line.startsWith('|'))
  return lines.slice(2).map((line) =>
    line
      .replaceAll('\\|', '¦')
      .split('|')
      .slice(1, -1)
      .map((cell) => cell.trim()),
  )
}

const bare = (cell: string | undefined): string => (cell ?? '').replaceAll('`', '')

describe('docs/cli.md', () => {
  const text = page('cli.md')

  test('lists exactly the commands', () => {
    expect(rows(text, 'Commands').map(([cell]) => /openmux (\w+)/.exec(cell ?? '')?.[1])).toEqual([
      ...COMMANDS,
    ])
  })

  test('lists exactly the options, and for which commands', () => {
    const listed = rows(text, 'Options').map(([flags, commands]) => [bare(flags), bare(commands)])
    const all = COMMANDS.join()
    const real = OPTIONS.map(({ flags, commands }) => {
      const taken = COMMANDS.filter((name) => commands.includes(name)).join()
      return [flags, taken === all ? 'all' : taken.split(',').toSorted().join()]
    })
    const asWords = (commands: string): string => {
      const [, left] = /^all but (.*)$/.exec(commands) ?? []
      if (left !== undefined)
        return COMMANDS.filter((name) => !left.split(', ').includes(name))
          .toSorted()
          .join()
      return commands === 'all' ? 'all' : commands.split(', ').toSorted().join()
    }
    expect(listed.map(([flags = '', commands = '']) => [flags, asWords(commands)])).toEqual(real)
  })

  test('lists every exit code, and every error code in its row', () => {
    const table = rows(text, 'Exit codes')
    expect(table.map(([code]) => Number(code))).toEqual(Object.values(EXIT_CODES))
    for (const code of Object.keys(ERROR_CODES) as (keyof typeof ERROR_CODES)[]) {
      const row = table.find(([number]) => Number(number) === exitCodeOf({ code }))
      expect(row?.[2]).toContain(`\`${code}\``)
    }
    for (const code of Object.values(EXIT_CODES)) expect(EXIT_HELP).toContain(` ${code} `)
  })

  test('lists the commands of the chat', () => {
    const listed = rows(text, 'Conversations').flatMap(([cell]) => bare(cell).match(/^\/\w+/) ?? [])
    for (const name of listed.filter((one) => one !== '/help')) expect(CHAT_HELP).toContain(name)
  })
})

test('the words of the options are those of the core', () => {
  expect([...TASK_WORDS]).toEqual([...TASKS])
  expect(COMBINE_WORDS.toSorted()).toEqual(COMBINE_STRATEGIES.toSorted())
  expectTypeOf<(typeof POLICY_WORDS)[number]>().toEqualTypeOf<PolicyName>()
  expectTypeOf<(typeof ON_BREAK_WORDS)[number]>().toEqualTypeOf<OnBreak>()
  expectTypeOf<(typeof HISTORY_WORDS)[number]>().toEqualTypeOf<HistoryPolicy>()
  for (const word of [...POLICY_WORDS, ...ON_BREAK_WORDS, ...HISTORY_WORDS, ...COMBINE_WORDS])
    expect(page('cli.md')).toContain(`\`${word}\``)
})

/** The tables of providers, the options they list, and what the known ones of an own name are called here. */
const SECTIONS = {
  ollama: { heading: '`providers.ollama`', schema: PROVIDER_OPTIONS.ollama.unwrap() },
  openrouter: { heading: '`providers.openrouter`', schema: PROVIDER_OPTIONS.openrouter.unwrap() },
  'hf-local': { heading: '`providers.hf-local`', schema: PROVIDER_OPTIONS['hf-local'].unwrap() },
  'hf-remote': { heading: '`providers.hf-remote`', schema: PROVIDER_OPTIONS['hf-remote'].unwrap() },
  'my-server': { heading: 'Servers of the OpenAI format', schema: SERVER_OPTIONS },
  'my-endpoint': { heading: 'Endpoints of Hugging Face', schema: ENDPOINT_OPTIONS },
} as const
const SECTION_IDS = Object.keys(SECTIONS) as (keyof typeof SECTIONS)[]

describe('docs/configuration.md', () => {
  const text = page('configuration.md')
  const keys = rows(text, 'The file').map(([key, example]) => ({
    key: bare(key),
    example: parse(bare(example)) as unknown,
  }))
  const options = (id: keyof typeof SECTIONS) =>
    rows(text, SECTIONS[id].heading).map(([key, example]) => ({
      key: bare(key),
      example: parse(bare(example)) as unknown,
    }))

  test('lists exactly the keys of the file', () => {
    expect(keys.map(({ key }) => key).toSorted()).toEqual(Object.keys(configurationSchema.shape).toSorted())
    for (const id of SECTION_IDS)
      expect(options(id).map(({ key }) => key)).toEqual(Object.keys(SECTIONS[id].schema.shape))
    expect(SECTION_IDS).toEqual(expect.arrayContaining(Object.keys(PROVIDER_OPTIONS)))
  })

  test.each(keys.filter(({ key }) => key !== '$schema'))('the key $key is read', async ({ key, example }) => {
    const { configuration } = await settingsOf({ [key]: example })
    expect(configuration[key as keyof Configuration]).toEqual(example)
  })

  test.each(SECTION_IDS)('every option of %s reaches its package, which accepts it', async (id) => {
    const all = Object.fromEntries(options(id).map(({ key, example }) => [key, example]))
    const given = await settingsOf({ order: [id], providers: { [id]: all } })
    const [entry] = await wantedEntries(PROVIDERS, given, async () => Object.values(PRESETS))
    if (entry === undefined) throw new Error(`no ${id}`)
    let seen: ProviderSetup | undefined
    const spy: ProviderEntry = {
      ...entry,
      load: async (setup) => {
        seen = setup
        return entry.load(setup)
      },
    }
    const { enabled: _enabled, ...rest } = all
    const bound = bindKeys(spy, rest, given.file, given.environment)
    const provider = await spy.load({ options: bound.options, env: {}, offline: false, stayLocal: false })
    expect(seen?.options).toEqual(rest)
    expect(provider.id).toBe(id)
    await provider.close()
    const { providers, standIns } = await providersFrom()(given)
    expect(providers.map((one) => one.id)).toEqual([id])
    expect(standIns?.size).toBe(0)
    for (const one of providers) await one.close()
  })

  test('the examples are accepted', async () => {
    const examples = [...text.matchAll(/```jsonc\n([\s\S]*?)```/g)].map(([, example = '']) => example)
    expect((await settingsOf(examples[0])).configuration).toMatchObject({
      model: 'llama3.2:1b',
      order: ['ollama', 'hf-local'],
    })
    for (const example of examples.slice(1)) {
      const { providers } = await providersFrom()(await settingsOf(example))
      expect(providers.map(({ id }) => id)).toEqual(
        expect.arrayContaining(Object.keys((await settingsOf(example)).providers)),
      )
    }
    expect(examples).toHaveLength(3)
  })

  const variables = rows(text, 'The environment').map(([name, example, key]) => ({
    name: bare(name),
    example: bare(example),
    key: bare(key),
  }))

  test('lists exactly the variables', () => {
    const real = [
      ...VARIABLES.map(({ name }) => name),
      ...PROVIDERS.flatMap((entry) => entry.variables.map(({ name }) => name)),
    ]
    expect(variables.map(({ name }) => name)).toEqual([...new Set(real)])
  })

  test.each(variables)(
    'the variable $name is read, and goes before the file',
    async ({ name, example, key }) => {
      const variable = VARIABLES.find((one) => one.name === name)
      if (variable !== undefined) {
        const { configuration } = await settingsOf({}, { [name]: example })
        expect(key).toContain(variable.key)
        expect(configuration[variable.key]).toEqual(variable.read(example))
        return
      }
      const told = [...key.matchAll(/providers\.([\w-]+)\.(\w+)/g)].map(([, id, option]) => [id, option])
      const real = PROVIDERS.flatMap(({ id, variables: own }) =>
        own.filter((one) => one.name === name).map(({ option }) => [id, option]),
      )
      expect(told).toEqual(real)
    },
  )

  test('tells the order in which providers are tried', async () => {
    const section = text.split('### Who is asked in which order')[1]?.split('###')[0] ?? ''
    const told = [...section.matchAll(/^\d\. (?:`([\w-]+)`|(servers and endpoints))/gm)].map(
      ([, id]) => id ?? 'mine',
    )
    const { providers } = await providersFrom()(
      await settingsOf({ providers: { mine: { baseURL: 'http://127.0.0.1:9/v1' } } }),
    )
    expect(told).toEqual(providers.map(({ id }) => id))
  })

  async function settingsOf(file: unknown, env: Record<string, string> = {}) {
    const cwd = emptyFolder()
    writeFileSync(join(cwd, 'openmux.config.json'), typeof file === 'string' ? file : JSON.stringify(file))
    return loadSettings({}, { env, cwd, home: emptyFolder(), platform: 'linux' })
  }
})

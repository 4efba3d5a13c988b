import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { ERROR_CODES, TASKS } from '@openmux/core'
import { scriptedProvider } from '@openmux/testkit'
import { parse } from 'jsonc-parser'
import { describe, expect, test } from 'vitest'
import { CHAT_HELP } from '../src/chat/slash-commands.js'
import type { Configuration } from '../src/configuration/configuration.js'
import { PROVIDER_OPTIONS } from '../src/configuration/provider-options.js'
import { configurationSchema } from '../src/configuration/schema.js'
import { loadSettings } from '../src/configuration/settings.js'
import { VARIABLES } from '../src/configuration/variables.js'
import { COMMANDS } from '../src/options/command-options.js'
import { OPTIONS, TASK_WORDS } from '../src/options/option-table.js'
import { providersFrom } from '../src/providers/create-providers.js'
import { type ProviderSetup, PROVIDERS } from '../src/providers/registry.js'
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
      if (commands === 'all but chat')
        return COMMANDS.filter((name) => name !== 'chat')
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

test('the tasks of the options are those of the core', () => {
  expect([...TASK_WORDS]).toEqual([...TASKS])
})

describe('docs/configuration.md', () => {
  const text = page('configuration.md')
  const keys = rows(text, 'The file').map(([key, example]) => ({
    key: bare(key),
    example: parse(bare(example)) as unknown,
  }))
  const options = (id: keyof typeof PROVIDER_OPTIONS) =>
    rows(text, `\`providers.${id}\``).map(([key, example]) => ({
      key: bare(key),
      example: parse(bare(example)) as unknown,
    }))

  test('lists exactly the keys of the file', () => {
    expect(keys.map(({ key }) => key).toSorted()).toEqual(Object.keys(configurationSchema.shape).toSorted())
    for (const id of Object.keys(PROVIDER_OPTIONS) as (keyof typeof PROVIDER_OPTIONS)[]) {
      expect(options(id).map(({ key }) => key)).toEqual(Object.keys(PROVIDER_OPTIONS[id].unwrap().shape))
    }
  })

  test.each(keys.filter(({ key }) => key !== '$schema'))('the key $key is read', async ({ key, example }) => {
    const { configuration } = await settingsOf({ [key]: example })
    expect(configuration[key as keyof Configuration]).toEqual(example)
  })

  test.each(['ollama', 'hf-local'] as const)(
    'every option of %s reaches its package, which accepts it',
    async (id) => {
      const all = Object.fromEntries(options(id).map(({ key, example }) => [key, example]))
      const given = await settingsOf({ providers: { [id]: all } })
      let seen: ProviderSetup | undefined
      const spies = PROVIDERS.filter((entry) => entry.id === id).map((entry) => ({
        ...entry,
        load: async (setup: ProviderSetup) => {
          seen = setup
          return scriptedProvider({ id })
        },
      }))
      const created = await providersFrom(spies)(given)
      const { enabled, ...rest } = all
      expect(seen?.options).toEqual(rest)
      expect(created.forceEnabled).toEqual(enabled === true ? [id] : [])
      const real = await providersFrom(PROVIDERS.filter((entry) => entry.id === id))(given)
      for (const provider of real.providers) await provider.close()
    },
  )

  test('the example is accepted', async () => {
    const example = /```jsonc\n([\s\S]*?)```/.exec(text)?.[1] ?? ''
    expect((await settingsOf(example)).configuration).toMatchObject({
      model: 'llama3.2:1b',
      order: ['ollama', 'hf-local'],
    })
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
    expect(variables.map(({ name }) => name)).toEqual(real)
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
      const [, id = '', option = ''] = /providers\.([\w-]+)\.(\w+)/.exec(key) ?? []
      const entry = PROVIDERS.find((one) => one.id === id)
      expect(entry?.variables).toContainEqual(expect.objectContaining({ name, option }))
    },
  )

  async function settingsOf(file: unknown, env: Record<string, string> = {}) {
    const cwd = emptyFolder()
    writeFileSync(join(cwd, 'openmux.config.json'), typeof file === 'string' ? file : JSON.stringify(file))
    return loadSettings({}, { env, cwd, home: emptyFolder(), platform: 'linux' })
  }
})

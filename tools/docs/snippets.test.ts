import { type SpawnSyncReturns, spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { commandsOf } from './commands.ts'
import { startWorld, type World } from './doubles.ts'
import { documents, fileLinks, readSnippets, root } from './read-snippets.ts'

const cli = join(root, 'packages/cli/dist/bin.js')
const tsc = join(root, 'node_modules/.bin/tsc')
/** Inside this package, so that snippets import our packages as a user's program does. */
const workshop = mkdtempSync(join(import.meta.dirname, '.snippets-'))
const snippets = documents().flatMap(readSnippets)
/** Its files are put together, type-checked and run by a test of the testkit. */
const OWN_TEST = 'docs/writing-a-provider.md'
/** A block shown again elsewhere; it is the same to the letter. */
const REPEATED = `same-as=${OWN_TEST}`

let world: World
beforeAll(async () => {
  world = await startWorld()
})
afterAll(async () => {
  rmSync(workshop, { recursive: true, force: true })
  await world.close()
})

describe('programs in the documents', () => {
  const programs = snippets.filter(
    ({ language, place, info }) => language === 'ts' && !place.startsWith(OWN_TEST) && info !== REPEATED,
  )
  const files = programs.map(({ text }, index) => {
    const file = join(workshop, `snippet-${index}.ts`)
    writeFileSync(file, text)
    return file
  })

  test('are right by their types', async () => {
    writeFileSync(
      join(workshop, 'tsconfig.json'),
      JSON.stringify({
        extends: '../../../tsconfig.base.json',
        compilerOptions: { noUnusedLocals: false },
        include: ['*.ts'],
      }),
    )
    const checked = await run(tsc, ['-p', workshop], '')
    expect(checked.stdout).toBe('')
    expect(checked.status).toBe(0)
  })

  for (const [index, { place, text }] of programs.entries()) {
    test(`${place} runs`, async () => {
      const file = files[index] ?? ''
      writeFileSync(file, world.atHome(text))
      const ran = await run(process.execPath, [file], '')
      expect(ran.status, ran.stderr).toBe(0)
    })
  }
})

describe('blocks that are shown twice', () => {
  const original = snippets.filter(({ place }) => place.startsWith(OWN_TEST)).map(({ text }) => text)
  for (const { place, text } of snippets.filter(({ info }) => info === REPEATED)) {
    test(`${place} is what ${OWN_TEST} says`, () => expect(original).toContain(text))
  }
})

describe('commands in the documents', () => {
  for (const { place, language, text } of snippets.filter((one) =>
    ['sh', 'bash', 'console'].includes(one.language),
  )) {
    for (const command of commandsOf(language, text)) {
      if ('left' in command) continue
      test(`${place} ${command.run}`, async () => {
        const started = command.run
          .replace(/\bnpm start --/g, 'openmux')
          .replace(/\bnpx openmux\b/g, 'openmux')
        expect(started, 'only our own program and ordinary tools are run').toMatch(/openmux/)
        const shell = `set -e -o pipefail\nopenmux() { "${process.execPath}" "${cli}" "$@"; }\n${started}`
        const ran = await run('bash', ['-c', shell], 'Some text from a pipe.\n')
        expect(ran.status, `${ran.stdout}\n${ran.stderr}`).toBe(0)
        expect(ran.stdout).not.toBe('')
      })
    }
  }
})

describe('links in the documents', () => {
  for (const document of documents()) {
    test(`${document.slice(root.length + 1)} points at files that exist`, () => {
      const broken = fileLinks(document).filter((link) => !existsSync(join(dirname(document), link)))
      expect(broken).toEqual([])
    })
  }
})

async function run(
  program: string,
  args: readonly string[],
  input: string,
): Promise<Pick<SpawnSyncReturns<string>, 'status' | 'stdout' | 'stderr'>> {
  const folder = join(workshop, 'empty')
  mkdirSync(folder, { recursive: true })
  // Not spawnSync: the doubles live in this process and must go on answering.
  const child = spawn(program, args, {
    cwd: folder,
    env: { PATH: process.env['PATH'], ...world.environment, NO_COLOR: '1' },
  })
  const out: string[] = []
  const err: string[] = []
  child.stdout.setEncoding('utf8').on('data', (text: string) => out.push(text))
  child.stderr.setEncoding('utf8').on('data', (text: string) => err.push(text))
  child.stdin.on('error', () => undefined).end(input)
  const [status] = (await once(child, 'close')) as [number | null]
  return { status, stdout: out.join(''), stderr: err.join('') }
}

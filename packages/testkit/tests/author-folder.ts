import { execFile } from 'node:child_process'
import { mkdir, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

/** A file in a fence such as ```` ```ts file=src/index.ts ````. */
export interface PageFile {
  readonly path: string
  readonly text: string
}

/** The files a page holds, in the order they appear. */
export function filesOfPage(page: string): readonly PageFile[] {
  return [...page.matchAll(/^```\w+ file=(\S+)\n([\s\S]*?)^```$/gm)].map(([, path = '', text = '']) => ({
    path,
    text,
  }))
}

/** What a command said, and how it ended. */
export interface CommandResult {
  readonly code: number
  readonly output: string
}

/** A folder as a new author would have it after the installation: files of the page and what they depend on. */
export interface AuthorFolder {
  readonly path: string
  write(file: PageFile): Promise<void>
  read(path: string): Promise<string>
  typecheck(): Promise<CommandResult>
  build(): Promise<CommandResult>
  /** Runs vitest on test files whose name holds one of `names`; all of them without. */
  test(...names: readonly string[]): Promise<CommandResult>
  remove(): Promise<void>
}

const HERE = dirname(fileURLToPath(import.meta.url))
const LINKED = ['vitest', 'typescript', 'msw', '@types/node', '@openmux/core', '@openmux/http'] as const

/** Makes an {@link AuthorFolder} under the folder for temporary files. */
export async function authorFolder(files: readonly PageFile[]): Promise<AuthorFolder> {
  const path = await mkdtemp(join(tmpdir(), 'openmux-author-'))
  const write = async (file: PageFile): Promise<void> => {
    await mkdir(dirname(join(path, file.path)), { recursive: true })
    await writeFile(join(path, file.path), file.text)
  }
  for (const file of files) await write(file)
  for (const name of LINKED) await link(path, name, packageFolder(name))
  await link(path, '@openmux/testkit', dirname(HERE))
  const tsc = (project: string): Promise<CommandResult> =>
    command(path, join(packageFolder('typescript'), 'bin/tsc'), ['-p', project])
  return {
    path,
    write,
    read: (file) => readFile(join(path, file), 'utf8'),
    typecheck: () => tsc('.'),
    build: () => tsc('tsconfig.build.json'),
    test: (...names) => command(path, join(packageFolder('vitest'), 'vitest.mjs'), ['run', ...names]),
    remove: () => rm(path, { recursive: true, force: true }),
  }
}

async function link(folder: string, name: string, target: string): Promise<void> {
  const place = join(folder, 'node_modules', name)
  await mkdir(dirname(place), { recursive: true })
  await symlink(target, place, 'dir')
}

/** Where a package lies that this package can see. */
function packageFolder(name: string): string {
  return dirname(createRequire(join(HERE, 'here.js')).resolve(`${name}/package.json`))
}

function command(cwd: string, script: string, args: readonly string[]): Promise<CommandResult> {
  const { NO_COLOR: _one, FORCE_COLOR: _two, VITEST: _three, ...env } = process.env
  return new Promise((resolve) => {
    execFile(
      process.execPath,
      [script, ...args],
      { cwd, env: { ...env, NO_COLOR: '1' }, maxBuffer: 64 * 1024 * 1024 },
      (error, stdout, stderr) => {
        const code = error === null ? 0 : typeof error.code === 'number' ? error.code : 1
        resolve({ code, output: stdout + stderr })
      },
    )
  })
}

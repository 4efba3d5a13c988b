import { execFileSync } from 'node:child_process'
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { root } from '../setup/workspace.mjs'
import { releasedVersions, sourceDigests } from './corpus/sources.ts'
import { writeCorpus } from './corpus/write-corpus.ts'

/**
 * Teaches the guide from nothing and puts it into `@openmux/model-nano`: corpus, Python packages, training, export. The
 * workspace must be built, since the corpus asks the command line for its help. Then `npm run examine` examines it.
 */
const { values } = parseArgs({
  options: {
    steps: { type: 'string', default: '4400' },
    seed: { type: 'string', default: '20261123' },
    out: {
      type: 'string',
      default: join(root, 'packages/model-nano/model'),
    },
    python: { type: 'string', default: 'python3' },
  },
})

const here = (path: string): string => fileURLToPath(new URL(path, import.meta.url))
const run = (command: string, args: readonly string[]): void => {
  execFileSync(command, args, { stdio: ['ignore', 'inherit', 'inherit'], cwd: here('./training') })
}

const build = here('./build')
mkdirSync(build, { recursive: true })
writeCorpus(`${build}/corpus.jsonl`)
// What the model is made from, so that a test can tell when it no longer knows what is true.
const [release = '0.0.0'] = releasedVersions()
const sources = sourceDigests()

const python = here('./.venv/bin/python')
if (!existsSync(python)) run(values.python, ['-m', 'venv', here('./.venv')])
run(python, ['-m', 'pip', 'install', '--quiet', '--requirement', 'requirements.txt'])

const places = ['--corpus', `${build}/corpus.jsonl`, '--dev', here('./dev-set'), '--out', build]
run(python, ['train.py', ...places, '--steps', values.steps, '--seed', values.seed])
run(python, ['export.py', build, values.out])

const facts: unknown = JSON.parse(readFileSync(`${build}/facts.json`, 'utf8'))
const manifest = { name: 'openmux/nano', ...(facts as object), release, sources }
writeFileSync(`${values.out}/manifest.json`, `${JSON.stringify(manifest, undefined, 2)}\n`)

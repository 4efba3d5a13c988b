// @ts-check
import { mkdir, rename, rm } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { buildHeaders } from './build-headers.mjs'
import { cachePaths, OLLAMA_VERSION } from './cache-folder.mjs'
import { cpuFlavour } from './cpu-flavour.mjs'
import { progress, SetupError } from './progress.mjs'
import { runCommand } from './run-command.mjs'

const PACKAGE = 'github.com/ollama/ollama'

const GO_MISSING = `The Go toolchain was not found. Ollama ${OLLAMA_VERSION} is built from source: install Go 1.26 or newer,
see that \`go version\` works, then run this again.`

/**
 * The Ollama binary, built once and reused after a check of its version.
 * @returns {Promise<string>} its path
 */
export async function buildOllama() {
  const paths = cachePaths()
  const cached = await builtVersion(paths.binary)
  if (cached === OLLAMA_VERSION) return paths.binary
  if (cached !== undefined) progress(`the cached binary says version ${cached}: building anew`)

  progress((await runCommand('go', ['version'], { what: 'go version', missing: GO_MISSING })).trim())
  const headers = await buildHeaders()
  const half = join(paths.temp, 'ollama')
  await mkdir(half, { recursive: true })

  progress(
    `building Ollama ${OLLAMA_VERSION} for ${cpuFlavour().name} (4 to 6 minutes on two cores, once a machine)`,
  )
  const flags = `-O2 ${cpuFlavour().flags} '-I${headers}'`
  const version = `-X=${PACKAGE}/version.Version=${OLLAMA_VERSION}`
  await runCommand('go', ['install', '-ldflags', version, `${PACKAGE}@v${OLLAMA_VERSION}`], {
    what: `building Ollama ${OLLAMA_VERSION}`,
    cwd: paths.temp,
    env: { GOBIN: half, CGO_ENABLED: '1', CGO_CFLAGS: flags, CGO_CXXFLAGS: flags },
  })

  const built = await builtVersion(join(half, 'ollama'))
  if (built !== OLLAMA_VERSION)
    throw new SetupError(`the new binary says version ${built}, not ${OLLAMA_VERSION}`)
  await rm(paths.ollama, { recursive: true, force: true })
  await mkdir(dirname(paths.ollama), { recursive: true })
  await rename(half, paths.ollama)
  return paths.binary
}

/**
 * What a binary says of itself; undefined when it is absent or does not run.
 * @param {string} binary
 */
async function builtVersion(binary) {
  // `--version` asks a running server first. Port 1 answers nobody, so the binary speaks for itself.
  const env = { OLLAMA_HOST: '127.0.0.1:1' }
  const answer = await runCommand(binary, ['--version'], { what: 'ollama --version', env }).catch(() => '')
  return /version is (\S+)/.exec(answer)?.[1]
}

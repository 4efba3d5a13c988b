// @ts-check
import { cp, mkdir, readdir, rename, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { cachePaths } from './cache-folder.mjs'
import { progress, SetupError } from './progress.mjs'
import { runCommand } from './run-command.mjs'

const APT_PACKAGES = ['nlohmann-json3-dev', 'libstb-dev']
const MINIAUDIO_MODULE = 'github.com/gen2brain/malgo@v0.11.24'
const SYSTEM_INCLUDES = ['/usr/include', '/usr/local/include']

const HOW_TO = `Ollama's build needs the headers nlohmann/json.hpp and stb/stb_image.h.
Install them once:  sudo apt-get update && sudo apt-get install ${APT_PACKAGES.join(' ')}
(on another system, put both under ${SYSTEM_INCLUDES.at(-1)}), then run this again.`

/**
 * One folder with the three vendored headers that a Go module archive never contains. The folder
 * stays in the cache under a fixed name: Go's build cache keys on the compiler flags, so a fixed
 * include path lets an interrupted build go on where it stopped.
 * @returns {Promise<string>} the folder
 */
export async function buildHeaders() {
  const { headers, temp } = cachePaths()
  if (await exists(headers)) return headers
  progress('collecting the headers for the build')
  const half = join(temp, 'headers')
  await mkdir(half, { recursive: true })

  const includes = (await systemIncludes()) ?? (await unpackedAptPackages())
  await cp(join(includes, 'nlohmann'), join(half, 'nlohmann'), { recursive: true, dereference: true })
  await cp(join(includes, 'stb'), join(half, 'stb'), { recursive: true, dereference: true })

  const module = await downloadGoModule(MINIAUDIO_MODULE)
  await mkdir(join(half, 'miniaudio'))
  await cp(join(module, 'miniaudio.h'), join(half, 'miniaudio', 'miniaudio.h'))

  await rename(half, headers)
  return headers
}

async function systemIncludes() {
  for (const folder of SYSTEM_INCLUDES) {
    const both = ['nlohmann/json.hpp', 'stb/stb_image.h'].map((file) => exists(join(folder, file)))
    if ((await Promise.all(both)).every(Boolean)) return folder
  }
  return undefined
}

/** Downloads the Debian packages and unpacks them beside the build: nothing is installed. */
async function unpackedAptPackages() {
  const folder = join(cachePaths().temp, 'apt')
  await mkdir(folder, { recursive: true })
  const download = () =>
    runCommand('apt-get', ['download', ...APT_PACKAGES], {
      what: 'apt-get download',
      missing: HOW_TO,
      cwd: folder,
    })
  try {
    await download()
  } catch (error) {
    // Most often the package lists are absent or old; only root may renew them.
    if (process.getuid?.() !== 0) throw new SetupError(`${HOW_TO}\n\n${String(error)}`)
    progress('renewing the apt package lists')
    await runCommand('apt-get', ['update'], { what: 'apt-get update', missing: HOW_TO })
    await download()
  }
  const root = join(folder, 'root')
  for (const file of await readdir(folder)) {
    if (!file.endsWith('.deb')) continue
    await runCommand('dpkg-deb', ['-x', file, root], {
      what: `unpacking ${file}`,
      missing: HOW_TO,
      cwd: folder,
    })
  }
  return join(root, 'usr', 'include')
}

/** @param {string} module */
async function downloadGoModule(module) {
  // Outside any Go module, so that a go.mod of the caller's folder plays no part.
  const answer = await runCommand('go', ['mod', 'download', '-json', module], {
    what: `go mod download ${module}`,
    cwd: cachePaths().temp,
  })
  /** @type {{ Dir: string }} */
  const { Dir } = JSON.parse(answer.slice(answer.indexOf('{')))
  return Dir
}

/** @param {string} path */
async function exists(path) {
  return (await stat(path).catch(() => undefined)) !== undefined
}

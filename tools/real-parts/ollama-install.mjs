// @ts-check
import { mkdir, rename, rm, writeFile } from 'node:fs/promises'
import { buildOllama } from './build-ollama.mjs'
import { cachePaths } from './cache-folder.mjs'
import { withLock } from './install-lock.mjs'
import { missingNames, MODEL_NAMES, modelSources, readJson, recipeOf, removeDamagedBlobs } from './models.mjs'
import { createModel, uploadFiles } from './ollama-api.mjs'
import { progress, SetupError } from './progress.mjs'
import { endRunningCommands } from './run-command.mjs'
import { startOllama } from './start-ollama.mjs'

async function install() {
  const paths = cachePaths()
  if (process.platform === 'win32') throw new SetupError('Windows is not supported here: use WSL')
  return withLock(paths.lock, async () => {
    await rm(paths.temp, { recursive: true, force: true })
    for (const folder of [paths.temp, paths.home, paths.models]) await mkdir(folder, { recursive: true })
    const binary = await buildOllama()
    for (const source of modelSources) await installModel(source)
    await rm(paths.temp, { recursive: true, force: true })
    progress('the real parts are ready')
    return { binary, models: MODEL_NAMES, ollamaModels: paths.models, logs: paths.logs }
  })
}

/** @param {import('./models.mjs').ModelSource} source */
async function installModel(source) {
  const missing = await missingNames(source)
  if (missing.length === 0) return
  for (const name of missing) await removeDamagedBlobs(name)
  const local = await source.fetch()
  const server = await startOllama()
  try {
    progress(`handing the files to Ollama (${source.version})`)
    const files = await uploadFiles(server.url, local)
    for (const name of missing) {
      progress(`creating ${name}`)
      await createModel(server.url, { model: name, files, ...source.names[name] })
      await noteRecipe(name, recipeOf(source, name))
    }
  } finally {
    await server.stop()
  }
  const still = await missingNames(source)
  if (still.length > 0) throw new Error(`not complete although just made: ${still.join(', ')}`)
}

/**
 * @param {string} name
 * @param {string} recipe
 */
async function noteRecipe(name, recipe) {
  const { recipes } = cachePaths()
  const noted = { ...(await readJson(recipes)), [name]: recipe }
  await writeFile(`${recipes}.new`, `${JSON.stringify(noted, null, 2)}\n`)
  await rename(`${recipes}.new`, recipes)
}

for (const signal of ['SIGINT', 'SIGTERM']) {
  // Nothing to tidy up: the next run finds this owner dead, takes the lock and empties the temp folder.
  process.once(signal, () => {
    endRunningCommands()
    process.exit(130)
  })
}
try {
  console.log(JSON.stringify(await install(), null, 2))
} catch (error) {
  console.error(error instanceof SetupError ? error.message : error)
  process.exitCode = 1
}

// @ts-check
import { existsSync, realpathSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { cachePaths, OLLAMA_VERSION } from './cache-folder.mjs'
import { missingNames, MODEL_NAMES, modelSources } from './models.mjs'
import { startOllama } from './start-ollama.mjs'

export { startOllama }

const COMMAND = 'node tools/real-parts/ollama-install.mjs'

/**
 * Whether the real parts are installed; starts and installs nothing.
 * @type {typeof import('./ollama-server.mjs').realOllama}
 */
export async function realOllama() {
  const { binary, models: modelsFolder } = cachePaths()
  if (!existsSync(binary)) return absent(`Ollama ${OLLAMA_VERSION} is not built on this machine`)
  const missing = (await Promise.all(modelSources.map(missingNames))).flat()
  if (missing.length > 0) return absent(`the test models are not installed: ${missing.join(', ')}`)
  return { available: true, binary, modelsFolder, models: MODEL_NAMES }
}

/**
 * @param {string} reason
 * @returns {import('./ollama-server.mjs').RealOllama}
 */
function absent(reason) {
  return { available: false, reason, command: COMMAND }
}

async function serveInForeground() {
  const { values } = parseArgs({ options: { port: { type: 'string', default: '11434' } } })
  const parts = await realOllama()
  if (!parts.available) throw new Error(`${parts.reason}. Run: ${parts.command}`)

  const server = await startOllama({ port: Number(values.port) })
  console.log(`Ollama ${OLLAMA_VERSION} serves ${Object.values(parts.models).join(', ')} at ${server.url}`)
  console.log(`log: ${server.log}\nCtrl-C ends it.`)
  for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => void server.stop())
  await server.exited
}

if (process.argv[1] !== undefined && realpathSync(process.argv[1]) === fileURLToPath(import.meta.url)) {
  serveInForeground().catch((error) => {
    console.error(error instanceof Error ? error.message : error)
    process.exitCode = 1
  })
}

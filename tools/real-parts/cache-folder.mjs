// @ts-check
import { homedir } from 'node:os'
import { join, resolve } from 'node:path'
import { cpuFlavour } from './cpu-flavour.mjs'

/** The last line of Ollama whose engine builds with the Go toolchain alone. */
export const OLLAMA_VERSION = '0.24.0'

/**
 * Where everything lies: outside any checkout, so that it is built once a machine and can never be
 * committed (the weights come under terms of their own).
 */
export function cachePaths() {
  const { OPENMUX_REAL_PARTS: chosen, XDG_CACHE_HOME: cacheHome } = process.env
  const root = chosen
    ? resolve(chosen)
    : join(cacheHome || join(homedir(), '.cache'), 'openmux', 'real-parts')
  const ollama = join(root, `ollama-${OLLAMA_VERSION}-${cpuFlavour().name}`)
  return {
    root,
    lock: join(root, 'install.lock'),
    /** Emptied at the start of each install: whatever lies here was cut short. */
    temp: join(root, 'temp'),
    logs: join(root, 'logs'),
    /** HOME of the servers, which write a key pair there. */
    home: join(root, 'ollama-home'),
    /** Holds the binary; comes into being by one rename, so it exists only when complete. */
    ollama,
    binary: join(ollama, 'ollama'),
    headers: join(root, `ollama-${OLLAMA_VERSION}-headers`),
    /** OLLAMA_MODELS of the servers. */
    models: join(root, 'ollama-models'),
    recipes: join(root, 'ollama-models', 'openmux-recipes.json'),
  }
}

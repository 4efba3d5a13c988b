/**
 * The one spelling of a model's name for comparing: lower case, with its tag, without the registry
 * and namespace that Ollama itself leaves out. `Llama3.2` → `llama3.2:latest`,
 * `registry.ollama.ai/library/qwen3:0.6b` → `qwen3:0.6b` (Ollama types/model/name.go; names are
 * matched without regard to case).
 */
export function canonicalModelName(name: string): string {
  const short = name
    .trim()
    .toLowerCase()
    .replace(/^https?:\/\//, '')
    .replace(/^registry\.ollama\.ai\//, '')
    .replace(/^library\//, '')
  return hasTag(short) ? short : `${short}:latest`
}

/** The name for people and for embedding spaces: canonical, without `:latest`. */
export function plainModelName(name: string): string {
  return canonicalModelName(name).replace(/:latest$/, '')
}

/** Whether two spellings name one model. */
export function isSameModel(one: string, other: string): boolean {
  return canonicalModelName(one) === canonicalModelName(other)
}

/** Whether the name itself asks for Ollama's cloud: `name:cloud`, `name:120b-cloud` (Ollama internal/modelref). */
export function namesCloudModel(name: string): boolean {
  return hasTag(name) && /(?::|-)cloud$/i.test(name.trim())
}

function hasTag(name: string): boolean {
  return name.lastIndexOf(':') > name.lastIndexOf('/')
}

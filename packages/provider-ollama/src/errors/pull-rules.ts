import type { ErrorRule } from './rule.js'

const PULL = /\/api\/pull$/

/**
 * Why a model could not be fetched. These come in the stream, after status 200 (server/images.go,
 * server/download.go). The first row that matches decides.
 */
export const PULL_RULES: readonly ErrorRule[] = [
  {
    path: PULL,
    words: /file does not exist|manifest unknown|not found/i,
    verdict: ({ model }) => ({
      code: 'model-not-found',
      message: `The Ollama library has no model ${JSON.stringify(model)}.`,
      hint: 'Look for its name and tag at https://ollama.com/search.',
    }),
  },
  {
    path: PULL,
    words: /no space left|disk quota|not enough space/i,
    verdict: ({ model }) => ({
      code: 'needs-setup',
      scope: 'machine',
      message: `The disk of the Ollama server is too full for ${model}.`,
      hint: 'Free space or delete a model with `ollama rm NAME`, then pull again: what was fetched is kept.',
    }),
  },
  {
    path: PULL,
    words: /permission denied|read-only file system/i,
    verdict: ({ text }) => ({
      code: 'needs-setup',
      scope: 'machine',
      message: `The Ollama server may not write to its folder of models: ${text}.`,
      hint: 'Give it a folder it may write to, by OLLAMA_MODELS.',
    }),
  },
  {
    path: PULL,
    words: /newer version of ollama|: 412/i,
    verdict: ({ model }) => ({
      code: 'needs-setup',
      scope: 'provider',
      message: `${model} needs a newer Ollama than the one that runs.`,
      hint: 'Update Ollama: https://ollama.com/download',
    }),
  },
  {
    path: PULL,
    words:
      /no such host|dial tcp|lookup |i\/o timeout|connection (?:refused|reset)|network is unreachable|TLS|max retries|EOF|server misbehaving/i,
    verdict: ({ model, text }) => ({
      code: 'network',
      scope: 'machine',
      message: `The Ollama server could not reach the library for ${model}: ${text}.`,
      hint: "Check the server's internet connection and HTTPS_PROXY, then pull again: what was fetched is kept.",
    }),
  },
  {
    path: PULL,
    words: /digest mismatch/i,
    verdict: ({ model }) => ({
      code: 'bad-response',
      message: `A part of ${model} arrived damaged.`,
      hint: 'Pull again: the damaged part is fetched anew.',
    }),
  },
]

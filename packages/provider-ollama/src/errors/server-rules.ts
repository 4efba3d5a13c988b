import type { ErrorRule } from './rule.js'

/** What stands in the way on the server's side: access, memory, load, queue. The first row that matches decides. */
export const SERVER_RULES: readonly ErrorRule[] = [
  {
    words: /requires a subscription|upgrade for access/i,
    verdict: ({ model }) => ({
      code: 'credits',
      message: `${model} needs an Ollama subscription.`,
      hint: 'Upgrade at https://ollama.com/upgrade, or choose a local model.',
    }),
  },
  {
    words: /ollama cloud is disabled|cloud is disabled|this server cannot run this remote model/i,
    verdict: ({ model, text }) => ({
      code: 'needs-setup',
      scope: 'model',
      message: `${model} runs in Ollama's cloud, which this server may not use: ${text}.`,
      hint: 'Start the server without OLLAMA_NO_CLOUD, or choose a local model.',
    }),
  },
  {
    words: /unauthorized|not signed in|invalid api key/i,
    verdict: ({ model }) => ({
      code: 'auth',
      message: `Ollama's cloud does not know who is asking for ${model}.`,
      hint: 'Run `ollama signin` on the machine of the server, or set OLLAMA_API_KEY for https://ollama.com.',
    }),
  },
  {
    // No body at all: the check of the Host header (server/routes.go, allowedHostsMiddleware).
    words: /^$/,
    statuses: [403],
    verdict: () => ({
      code: 'needs-setup',
      scope: 'endpoint',
      message: 'The Ollama server does not answer to this host name.',
      hint: 'Address it as localhost or by its IP address, or start it with OLLAMA_HOST=0.0.0.0.',
    }),
  },
  {
    words:
      /more system memory|resource limitations|out of memory|unable to allocate|insufficient memory|cudaMalloc failed|model is too large/i,
    verdict: ({ model, text }) => ({
      code: 'unavailable',
      scope: 'model',
      message: `${model} does not fit into the server's memory: ${text}.`,
      hint: 'Choose a smaller model or quantization, set a smaller `contextTokens`, or unload other models with `ollama stop NAME`.',
    }),
  },
  {
    words:
      /no longer compatible|may be incompatible with your version|unsupported (?:model )?(?:architecture|format)|unknown model architecture|invalid file magic|invalid magic|full thinking support|file is corrupt|tensor .* out of bounds/i,
    verdict: ({ model, text }) => ({
      code: 'needs-setup',
      scope: 'model',
      message: `${model} cannot be loaded as it is installed: ${text}.`,
      hint: `Fetch it anew with \`ollama pull ${model}\`; if that does not help, update Ollama.`,
    }),
  },
  {
    words: /server busy|maximum pending requests/i,
    verdict: () => ({
      code: 'unavailable',
      scope: 'endpoint',
      message: 'The Ollama server has too many requests waiting.',
      hint: 'Ask again in a moment, or raise OLLAMA_MAX_QUEUE on the server.',
    }),
  },
  {
    words: /timed out waiting for (?:llama )?runner|context deadline exceeded/i,
    verdict: ({ model }) => ({
      code: 'unavailable',
      scope: 'model',
      message: `${model} took longer to load than the server allows.`,
      hint: 'Raise OLLAMA_LOAD_TIMEOUT on the server, or choose a smaller model.',
    }),
  },
  {
    words:
      /runner process|runner .*(?:terminated|stopped|no longer running)|unexpectedly stopped|while running the model|failed to load|error loading|unable to load/i,
    verdict: ({ model, text }) => ({
      code: 'unavailable',
      scope: 'model',
      message: `The process that runs ${model} failed: ${text}.`,
      hint: "Try again or choose another model; the server's log says more.",
    }),
  },
  {
    words: /request canceled|context canceled/i,
    verdict: ({ model }) => ({
      code: 'unavailable',
      scope: 'model',
      next: 'here',
      message: `The server gave up the request to ${model}, which may be because the model was being unloaded.`,
      hint: 'Ask again.',
    }),
  },
]

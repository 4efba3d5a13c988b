import type { ErrorRule } from './rule.js'

/**
 * What `/api/chat`, `/api/embed`, `/api/show` and `/api/generate` refuse, by the words of v0.24
 * (server/routes.go, server/sched.go, server/images.go, llm/server.go, runner/) and of 0.30 and later
 * where they differ. The first row that matches decides.
 */
export const CHAT_RULES: readonly ErrorRule[] = [
  {
    words:
      /input length exceeds|prompt is longer than the context|exceeds? (?:the )?(?:maximum |available )?context (?:length|size|window)|maximum context length/i,
    verdict: ({ model }) => ({
      code: 'context-too-long',
      message: `The prompt does not fit into the window of ${model}.`,
      hint: 'Shorten the conversation, set a larger `contextTokens`, or choose a model with a larger window.',
    }),
  },
  {
    words: /does not support (.+?)(?:\.|$)/i,
    verdict: ({ match, model }) => ({
      code: 'unsupported',
      message: `${model} does not support ${match[1] ?? 'this'}.`,
      hint: `Choose a model that supports ${match[1] ?? 'this'}: \`ollama show NAME\` lists what a model can do.`,
    }),
  },
  {
    words: /missing data required for image input/i,
    verdict: ({ model }) => ({
      code: 'unsupported',
      message: `${model} does not see images.`,
      hint: 'Choose a model with the capability `vision`, or leave the image out.',
    }),
  },
  {
    words: /no input provided/i,
    verdict: ({ model }) => ({
      code: 'bad-request',
      message: `${model} can make nothing of an empty text.`,
      hint: 'Leave empty texts out.',
    }),
  },
  {
    words: /model ['"]?(.*?)['"]? not found/i,
    verdict: ({ match, model }) => notFound(match[1] === undefined || match[1] === '' ? model : match[1]),
  },
  {
    words: /invalid model name|^name .* is invalid|model is required|use either :local or :cloud/i,
    verdict: ({ model, text }) => ({
      code: 'model-not-found',
      message: `${model} is no name Ollama can read: ${text}.`,
      hint: 'Name a model as NAME or NAME:TAG, for instance llama3.2:1b; `ollama list` shows the installed ones.',
    }),
  },
  {
    // Status 500, though the request is at fault (api/types.go, FromMap).
    words: /option "([^"]+)" must be of (.+)/i,
    verdict: ({ match }) => ({
      code: 'bad-request',
      message: `The option ${match[1] ?? ''} must be of ${match[2] ?? 'another type'}.`,
      hint: `Correct \`providerOptions.ollama.options.${match[1] ?? ''}\`.`,
    }),
  },
  {
    words:
      /invalid JSON schema|failed to parse grammar|failed to load model vocabulary required for format|invalid format/i,
    verdict: ({ text }) => ({
      code: 'unsupported',
      message: `Ollama cannot hold an answer to this JSON Schema: ${text}.`,
      hint: 'Simplify the schema, or ask for JSON without one.',
    }),
  },
  {
    words: /error parsing tool call|failed to parse (?:the )?tool call/i,
    verdict: ({ model, text }) => ({
      code: 'model-fault',
      message: `${model} wrote a tool call that cannot be read: ${text}.`,
    }),
  },
  {
    words: /invalid image|image: unknown format|failed to (?:process|decode) image|illegal base64/i,
    verdict: () => ({
      code: 'bad-request',
      message: 'An image of the request cannot be read.',
      hint: 'Send PNG or JPEG bytes as base64.',
    }),
  },
  {
    words:
      /cannot unmarshal|invalid character|missing request body|invalid input type|unexpected end of JSON|must be between/i,
    statuses: [400, 500],
    verdict: ({ text }) => ({ code: 'bad-request', message: `Ollama refused the request: ${text}.` }),
  },
]

/** A model that is not there: the way to get it. */
export function notFound(model: string): { code: 'model-not-found'; message: string; hint: string } {
  return {
    code: 'model-not-found',
    message: `Ollama has no model ${JSON.stringify(model)}.`,
    hint: `Get it with \`ollama pull ${model}\`, or choose an installed one: \`ollama list\`.`,
  }
}

/** Whose fault a failure is. `nobody`: the caller left, or everything was tried. */
export type Fault = 'caller' | 'target' | 'nobody'

/**
 * Where the same request may work: `here` after a pause, `elsewhere` on another candidate,
 * `nowhere` as it stands.
 */
export type NextStep = 'here' | 'elsewhere' | 'nowhere'

/** How much a failure says about: the widest thing that should be avoided because of it. */
export type ErrorScope = 'request' | 'key' | 'account' | 'model' | 'endpoint' | 'provider' | 'machine'

/** What a code means unless the error itself knows better. */
export interface ErrorCodeEntry {
  readonly fault: Fault
  readonly next: NextStep
  readonly scope: ErrorScope
  /** Whether time alone can cure it. */
  readonly waitingHelps: boolean
  /** One sentence: what happened. */
  readonly meaning: string
  /** One sentence: what a person can do. */
  readonly hint: string
}

/**
 * The one registry of error codes. `docs/errors.md` and the `ErrorCode` type list exactly these;
 * a test holds the three together.
 */
export const ERROR_CODES = {
  auth: {
    fault: 'caller',
    next: 'elsewhere',
    scope: 'key',
    waitingHelps: false,
    meaning: 'The key is missing, wrong, expired or not allowed to do this.',
    hint: 'Check the key of this provider: that it is set, whole, and made for this service.',
  },
  credits: {
    fault: 'caller',
    next: 'elsewhere',
    scope: 'account',
    waitingHelps: false,
    meaning: 'The account has no money or credits left for this request.',
    hint: 'Add credits, or use a free or local model.',
  },
  'rate-limit': {
    fault: 'target',
    next: 'elsewhere',
    scope: 'model',
    waitingHelps: true,
    meaning: 'Too many requests in a short window.',
    hint: 'Wait until the time given, or let another provider answer.',
  },
  quota: {
    fault: 'target',
    next: 'elsewhere',
    scope: 'account',
    waitingHelps: true,
    meaning: 'The allowance of a longer window (a day, a month) is used up.',
    hint: 'Wait for the reset, or let another provider answer.',
  },
  'model-not-found': {
    fault: 'caller',
    next: 'elsewhere',
    scope: 'model',
    waitingHelps: false,
    meaning: 'The back end has no model of this name.',
    hint: 'Run `openmux models` to see the names there are.',
  },
  'model-not-served': {
    fault: 'target',
    next: 'elsewhere',
    scope: 'model',
    waitingHelps: false,
    meaning: 'The model exists, but nobody serves it here for this task.',
    hint: 'Choose one of the models that are served, or another provider.',
  },
  unsupported: {
    fault: 'target',
    next: 'elsewhere',
    scope: 'model',
    waitingHelps: false,
    meaning: 'This target cannot do what the request needs (tools, images, a schema, embeddings …).',
    hint: 'Choose a model that can, or leave the feature out.',
  },
  region: {
    fault: 'target',
    next: 'elsewhere',
    scope: 'provider',
    waitingHelps: false,
    meaning: 'The back end does not serve this region.',
    hint: 'Use another provider or a local model.',
  },
  'endpoint-gone': {
    fault: 'target',
    next: 'elsewhere',
    scope: 'endpoint',
    waitingHelps: false,
    meaning: 'The address was retired (410).',
    hint: 'Update the provider package, or use its replacement.',
  },
  'endpoint-moved': {
    fault: 'target',
    next: 'elsewhere',
    scope: 'endpoint',
    waitingHelps: false,
    meaning: 'The address answers with a redirect to another place.',
    hint: 'Set the base URL to the new address, if you trust it.',
  },
  'not-found': {
    fault: 'target',
    next: 'elsewhere',
    scope: 'endpoint',
    waitingHelps: false,
    meaning: 'The path does not exist on this server.',
    hint: 'Check the base URL; another program may be listening there.',
  },
  'bad-request': {
    fault: 'caller',
    next: 'nowhere',
    scope: 'request',
    waitingHelps: false,
    meaning: 'The request itself is malformed.',
    hint: 'Correct the field named in the message.',
  },
  'too-large': {
    fault: 'caller',
    next: 'elsewhere',
    scope: 'request',
    waitingHelps: false,
    meaning: 'The request or the answer has more bytes than this target takes.',
    hint: 'Send less at once, or use a target with a higher limit.',
  },
  'context-too-long': {
    fault: 'caller',
    next: 'elsewhere',
    scope: 'model',
    waitingHelps: false,
    meaning: 'Prompt and answer do not fit into the context window of this model.',
    hint: 'Shorten the conversation or choose a model with a larger context.',
  },
  'content-filter': {
    fault: 'caller',
    next: 'nowhere',
    scope: 'request',
    waitingHelps: false,
    meaning: 'The back end refused the content.',
    hint: 'Rephrase the request.',
  },
  'model-fault': {
    fault: 'target',
    next: 'elsewhere',
    scope: 'model',
    waitingHelps: false,
    meaning:
      'The model produced something broken (a malformed tool call, output that is not the JSON asked for).',
    hint: 'Try again or use a more capable model.',
  },
  'needs-setup': {
    fault: 'caller',
    next: 'elsewhere',
    scope: 'provider',
    waitingHelps: false,
    meaning: 'A person must act first: install, start, accept a licence, free space.',
    hint: 'Do what the message says, then try again.',
  },
  timeout: {
    fault: 'target',
    next: 'elsewhere',
    scope: 'model',
    waitingHelps: true,
    meaning: 'A phase took longer than allowed (connect, first token, idle, total).',
    hint: 'Allow more time, or use a faster target.',
  },
  network: {
    fault: 'target',
    next: 'elsewhere',
    scope: 'endpoint',
    waitingHelps: true,
    meaning: 'The server could not be reached, or the connection broke before an answer.',
    hint: 'Check that the server runs and that the address is right.',
  },
  truncated: {
    fault: 'target',
    next: 'elsewhere',
    scope: 'model',
    waitingHelps: true,
    meaning: 'The answer was cut off before its end.',
    hint: 'The partial text is on the error; ask again or let another candidate answer.',
  },
  'bad-response': {
    fault: 'target',
    next: 'elsewhere',
    scope: 'endpoint',
    waitingHelps: true,
    meaning: 'The answer is not what the protocol promises (empty, not JSON, an error inside a success).',
    hint: 'Check that the address belongs to the service you mean; try again or use another provider.',
  },
  unavailable: {
    fault: 'target',
    next: 'elsewhere',
    scope: 'model',
    waitingHelps: true,
    meaning: 'The back end is up but cannot serve now (overloaded, internal error, out of memory).',
    hint: 'Try again later or use another provider.',
  },
  loading: {
    fault: 'target',
    next: 'elsewhere',
    scope: 'model',
    waitingHelps: true,
    meaning: 'The model is still being loaded; the load goes on.',
    hint: 'Ask again in a moment, or allow more time.',
  },
  aborted: {
    fault: 'nobody',
    next: 'nowhere',
    scope: 'request',
    waitingHelps: false,
    meaning: 'The caller left.',
    hint: 'Nothing to do.',
  },
  'provider-disabled': {
    fault: 'target',
    next: 'elsewhere',
    scope: 'provider',
    waitingHelps: false,
    meaning: 'The provider package is marked disabled because its service does not work.',
    hint: 'Use its replacement, or force it on if you know better.',
  },
  'no-candidate': {
    fault: 'caller',
    next: 'nowhere',
    scope: 'request',
    waitingHelps: false,
    meaning: 'No provider could even be tried: none is ready, or none meets the request.',
    hint: 'Follow one of the remedies listed, or loosen the request.',
  },
  'all-failed': {
    fault: 'target',
    next: 'nowhere',
    scope: 'request',
    waitingHelps: true,
    meaning: 'Every candidate that was tried failed.',
    hint: 'See the attempts for the reason of each.',
  },
  'bad-config': {
    fault: 'caller',
    next: 'nowhere',
    scope: 'machine',
    waitingHelps: false,
    meaning: 'The configuration or an option is wrong.',
    hint: 'Correct the key named in the message.',
  },
} as const satisfies Record<string, ErrorCodeEntry>

/** The stable name of a kind of failure. */
export type ErrorCode = keyof typeof ERROR_CODES

/** Which limit a `timeout` hit. */
export type TimeoutPhase = 'connect' | 'first-token' | 'idle' | 'total'

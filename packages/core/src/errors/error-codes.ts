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

/** One line of the registry: names of fields would weigh more in a bundle than what they hold. */
function entry(
  fault: Fault,
  next: NextStep,
  scope: ErrorScope,
  waitingHelps: boolean,
  meaning: string,
  hint: string,
): ErrorCodeEntry {
  return { fault, next, scope, waitingHelps, meaning, hint }
}

/**
 * The one registry of error codes. Each: whose fault, where to go next, how wide it reaches, whether waiting helps,
 * what happened, and what to do. `docs/errors.md` and the `ErrorCode` type list exactly these;
 * a test holds the three together.
 */
export const ERROR_CODES = {
  auth: entry(
    'caller',
    'elsewhere',
    'key',
    false,
    'The key is missing, wrong, expired or not allowed to do this.',
    'Check the key of this provider: that it is set, whole, and made for this service.',
  ),
  credits: entry(
    'caller',
    'elsewhere',
    'account',
    false,
    'The account has no money or credits left for this request.',
    'Add credits, or use a free or local model.',
  ),
  'rate-limit': entry(
    'target',
    'elsewhere',
    'model',
    true,
    'Too many requests in a short window.',
    'Wait until the time given, or let another provider answer.',
  ),
  quota: entry(
    'target',
    'elsewhere',
    'account',
    true,
    'The allowance of a longer window (a day, a month) is used up.',
    'Wait for the reset, or let another provider answer.',
  ),
  'model-not-found': entry(
    'caller',
    'elsewhere',
    'model',
    false,
    'The back end has no model of this name.',
    'Run `openmux models` to see the names there are.',
  ),
  'model-not-served': entry(
    'target',
    'elsewhere',
    'model',
    false,
    'The model exists, but nobody serves it here for this task.',
    'Choose one of the models that are served, or another provider.',
  ),
  unsupported: entry(
    'target',
    'elsewhere',
    'model',
    false,
    'This target cannot do what the request needs (tools, images, a schema, embeddings …).',
    'Choose a model that can, or leave the feature out.',
  ),
  region: entry(
    'target',
    'elsewhere',
    'provider',
    false,
    'The back end does not serve this region.',
    'Use another provider or a local model.',
  ),
  'endpoint-gone': entry(
    'target',
    'elsewhere',
    'endpoint',
    false,
    'The address was retired (410).',
    'Update the provider package, or use its replacement.',
  ),
  'endpoint-moved': entry(
    'target',
    'elsewhere',
    'endpoint',
    false,
    'The address answers with a redirect to another place.',
    'Set the base URL to the new address, if you trust it.',
  ),
  'not-found': entry(
    'target',
    'elsewhere',
    'endpoint',
    false,
    'The path does not exist on this server.',
    'Check the base URL; another program may be listening there.',
  ),
  'bad-request': entry(
    'caller',
    'nowhere',
    'request',
    false,
    'The request itself is malformed.',
    'Correct the field named in the message.',
  ),
  'too-large': entry(
    'caller',
    'elsewhere',
    'request',
    false,
    'The request or the answer has more bytes than this target takes.',
    'Send less at once, or use a target with a higher limit.',
  ),
  'context-too-long': entry(
    'caller',
    'elsewhere',
    'model',
    false,
    'Prompt and answer do not fit into the context window of this model.',
    'Shorten the conversation or choose a model with a larger context.',
  ),
  'content-filter': entry(
    'caller',
    'nowhere',
    'request',
    false,
    'The back end refused the content.',
    'Rephrase the request.',
  ),
  'model-fault': entry(
    'target',
    'elsewhere',
    'model',
    false,
    'The model produced something broken (a malformed tool call, output that is not the JSON asked for).',
    'Try again or use a more capable model.',
  ),
  'needs-setup': entry(
    'caller',
    'elsewhere',
    'provider',
    false,
    'A person must act first: install, start, accept a licence, free space.',
    'Do what the message says, then try again.',
  ),
  timeout: entry(
    'target',
    'elsewhere',
    'model',
    true,
    'A phase took longer than allowed (connect, first token, idle, total).',
    'Allow more time, or use a faster target.',
  ),
  network: entry(
    'target',
    'elsewhere',
    'endpoint',
    true,
    'The server could not be reached, or the connection broke before an answer.',
    'Check that the server runs and that the address is right.',
  ),
  truncated: entry(
    'target',
    'elsewhere',
    'model',
    true,
    'The answer was cut off before its end.',
    'The partial text is on the error; ask again or let another candidate answer.',
  ),
  'bad-response': entry(
    'target',
    'elsewhere',
    'endpoint',
    true,
    'The answer is not what the protocol promises (empty, not JSON, an error inside a success).',
    'Check that the address belongs to the service you mean; try again or use another provider.',
  ),
  unavailable: entry(
    'target',
    'elsewhere',
    'model',
    true,
    'The back end is up but cannot serve now (overloaded, internal error, out of memory).',
    'Try again later or use another provider.',
  ),
  loading: entry(
    'target',
    'elsewhere',
    'model',
    true,
    'The model is still being loaded; the load goes on.',
    'Ask again in a moment, or allow more time.',
  ),
  aborted: entry('nobody', 'nowhere', 'request', false, 'The caller left.', 'Nothing to do.'),
  'provider-disabled': entry(
    'target',
    'elsewhere',
    'provider',
    false,
    'The provider package is marked disabled because its service does not work.',
    'Use its replacement, or force it on if you know better.',
  ),
  'no-candidate': entry(
    'caller',
    'nowhere',
    'request',
    false,
    'No provider could even be tried: none is ready, or none meets the request.',
    'Follow one of the remedies listed, or loosen the request.',
  ),
  'all-failed': entry(
    'target',
    'nowhere',
    'request',
    true,
    'Every candidate that was tried failed.',
    'See the attempts for the reason of each.',
  ),
  'bad-config': entry(
    'caller',
    'nowhere',
    'machine',
    false,
    'The configuration or an option is wrong.',
    'Correct the key named in the message.',
  ),
} as const satisfies Record<string, ErrorCodeEntry>

/** The stable name of a kind of failure. */
export type ErrorCode = keyof typeof ERROR_CODES

/** Which limit a `timeout` hit. */
export type TimeoutPhase = 'connect' | 'first-token' | 'idle' | 'total'

import type { HistoryPolicy, OnBreak, PolicyName, Task } from '@openmux/core'
import { COMBINE_WORDS, type CommandName, type CommandOptions, COMMANDS } from './command-options.js'
import { between, collect, list, nonEmpty, oneOf, tokenCount, wholeNumber } from './value-readers.js'

/** An option as data: the parser, the help and the check on which command takes it are made from this. */
export interface OptionEntry {
  readonly key: keyof CommandOptions
  readonly flags: string
  readonly description: string
  readonly commands: readonly CommandName[]
  /** The text given as a value; throws `InvalidArgumentError`. */
  readonly read?: (text: string, previous: unknown) => unknown
}

/** Not imported from the core, which help must not wait for; a test holds the two together. */
export const TASK_WORDS = ['chat', 'code', 'embeddings'] as const satisfies readonly Task[]

/** The same, for `--policy`, `--on-break` and `--history`. */
export const POLICY_WORDS = [
  'ordered',
  'balanced',
  'fast',
  'best',
  'private',
  'free',
] as const satisfies readonly PolicyName[]
export const ON_BREAK_WORDS = ['continue', 'restart', 'fail'] as const satisfies readonly OnBreak[]
export const HISTORY_WORDS = ['refuse', 'trim', 'summarise'] as const satisfies readonly HistoryPolicy[]

const ALL: readonly CommandName[] = COMMANDS
/** Those that ask back ends. */
const ONLINE: readonly CommandName[] = ALL.filter((name) => name !== 'replay' && name !== 'cache')
const REQUESTS: readonly CommandName[] = ['ask', 'chat', 'embed', 'explain']
const ANSWERS: readonly CommandName[] = ['ask', 'chat', 'explain']

/** `docs/cli.md` lists exactly these; a test holds the two together. */
export const OPTIONS: readonly OptionEntry[] = [
  {
    key: 'provider',
    flags: '-p, --provider <name>',
    description: 'only this provider',
    commands: [...REQUESTS, 'models'],
  },
  {
    key: 'model',
    flags: '-m, --model <name>',
    description: 'only this model; provider/model names both',
    commands: REQUESTS,
  },
  {
    key: 'prefer',
    flags: '--prefer <name>',
    description: 'try this provider or model first (repeatable)',
    commands: REQUESTS,
    read: collect,
  },
  {
    key: 'forceEnabled',
    flags: '--force-enabled <name>',
    description: 'use this provider although its package says disabled (repeatable)',
    commands: ONLINE,
    read: collect,
  },
  {
    key: 'policy',
    flags: '--policy <name>',
    description: `who is asked first: ${POLICY_WORDS.join(', ')} (default: ordered)`,
    commands: [...REQUESTS, 'replay'],
    read: oneOf(POLICY_WORDS),
  },
  {
    key: 'local',
    flags: '--local-only, --local',
    description: 'keep prompts on machines of your own',
    commands: REQUESTS,
  },
  {
    key: 'free',
    flags: '--free',
    description: 'only models that cost nothing',
    commands: [...REQUESTS, 'models'],
  },
  {
    key: 'minContext',
    flags: '--min-context <tokens>',
    description: 'only models with a window of at least so many tokens, like 32k',
    commands: [...REQUESTS, 'models'],
    read: tokenCount,
  },
  {
    key: 'offline',
    flags: '--offline',
    description: 'no network beyond this machine: nothing is fetched, nothing leaves',
    commands: ONLINE,
  },
  {
    key: 'task',
    flags: '-t, --task <task>',
    description: `what is asked for: ${TASK_WORDS.join(', ')}`,
    commands: ['ask', 'chat', 'explain', 'models', 'discover'],
    read: oneOf(TASK_WORDS),
  },
  {
    key: 'system',
    flags: '-s, --system <text>',
    description: 'instructions in front of the conversation',
    commands: ANSWERS,
  },
  {
    key: 'temperature',
    flags: '--temperature <number>',
    description: '0 (most predictable) to 2',
    commands: ANSWERS,
    read: between(0, 2),
  },
  {
    key: 'maxTokens',
    flags: '--max-tokens <count>',
    description: 'longest answer, in tokens',
    commands: ANSWERS,
    read: wholeNumber,
  },
  {
    key: 'reasoning',
    flags: '--reasoning <effort>',
    description: 'thinking before the answer: off, low, medium, high',
    commands: ANSWERS,
    read: oneOf(['off', 'low', 'medium', 'high']),
  },
  {
    key: 'stream',
    flags: '--no-stream',
    description: 'print the answer when it is whole, not while it comes',
    commands: ['ask', 'chat'],
  },
  {
    key: 'onBreak',
    flags: '--on-break <policy>',
    description: `when an answer breaks off: ${ON_BREAK_WORDS.join(', ')} (default: restart at a terminal, else continue)`,
    commands: ['ask', 'chat'],
    read: oneOf(ON_BREAK_WORDS),
  },
  {
    key: 'history',
    flags: '--history <policy>',
    description: `when a conversation is too long: ${HISTORY_WORDS.join(', ')} (default: refuse)`,
    commands: ANSWERS,
    read: oneOf(HISTORY_WORDS, { summarize: 'summarise' }),
  },
  {
    key: 'hedge',
    flags: '--no-hedge',
    description: 'never ask a second model only because the first is late',
    commands: ['ask', 'chat'],
  },
  {
    key: 'impatient',
    flags: '--impatient',
    description: 'never wait for a model while another one is ready',
    commands: ['ask', 'chat', 'embed'],
  },
  {
    key: 'nano',
    flags: '--no-nano',
    description: 'no answer rather than one of the built-in guide',
    commands: ANSWERS,
  },
  {
    key: 'combine',
    flags: '--combine <how>',
    description: `ask several models, make one answer: ${COMBINE_WORDS.join(', ')}`,
    commands: ['ask'],
    read: oneOf(COMBINE_WORDS),
  },
  {
    key: 'models',
    flags: '--models <count>',
    description: 'how many models --combine asks (default: 3)',
    commands: ['ask'],
    read: wholeNumber,
  },
  {
    key: 'cache',
    flags: '--cache',
    description: 'give the same answer to the same question again, and keep it',
    commands: ['ask', 'chat'],
  },
  {
    key: 'cache',
    flags: '--no-cache',
    description: 'neither read nor keep answers, whatever the configuration says',
    commands: ['ask', 'chat'],
  },
  {
    key: 'explain',
    flags: '--explain',
    description: 'tell after the answer why it came from there',
    commands: ['ask', 'chat'],
  },
  {
    key: 'record',
    flags: '--record <file>',
    description: 'append the decision to this file, for `openmux replay`',
    commands: ANSWERS,
    read: nonEmpty,
  },
  {
    key: 'order',
    flags: '--order <names>',
    description: 'providers or models in this order, with commas',
    commands: ['replay'],
    read: list,
  },
  {
    key: 'ask',
    flags: '--ask',
    description: 'ask the services what is left; nothing is generated',
    commands: ['quota'],
  },
  {
    key: 'forget',
    flags: '--forget <provider>',
    description: 'drop what was learned of its limits, after a change of key or plan (repeatable)',
    commands: ['quota'],
    read: collect,
  },
  {
    key: 'lines',
    flags: '--lines',
    description: 'each line of standard input is a text of its own',
    commands: ['embed'],
  },
  {
    key: 'spend',
    flags: '--spend',
    description: 'also try one tiny answer for each task; may count against a quota',
    commands: ['probe'],
  },
  {
    key: 'compare',
    flags: '--compare <file>',
    description: 'tell only what changed since this report of `probe --json`',
    commands: ['probe'],
    read: nonEmpty,
  },
  {
    key: 'json',
    flags: '--json',
    description: 'print one JSON object, the result or the error, and nothing else',
    commands: ALL.filter((name) => name !== 'chat'),
  },
  {
    key: 'timeout',
    flags: '--timeout <seconds>',
    description: 'time for the whole request, 0 for no limit (default: 600)',
    commands: ALL,
    read: between(0, 1_000_000),
  },
  {
    key: 'state',
    flags: '--no-state',
    description: 'neither use nor keep what was learned of limits, speed and failures',
    commands: ONLINE,
  },
  { key: 'config', flags: '--config <file>', description: 'use this configuration file', commands: ALL },
  {
    key: 'verbose',
    flags: '-v, --verbose',
    description: 'tell on standard error what happens and why',
    commands: ALL,
  },
]

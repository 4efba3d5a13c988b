import type { Task } from '@openmux/core'
import type { CommandName, CommandOptions } from './command-options.js'
import { between, collect, oneOf, wholeNumber } from './value-readers.js'

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

const ALL: readonly CommandName[] = ['ask', 'chat', 'models', 'providers', 'embed', 'explain']
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
  { key: 'local', flags: '--local', description: 'keep prompts on this machine', commands: REQUESTS },
  {
    key: 'offline',
    flags: '--offline',
    description: 'no network beyond this machine: nothing is fetched, nothing leaves',
    commands: ALL,
  },
  {
    key: 'task',
    flags: '-t, --task <task>',
    description: `what is asked for: ${TASK_WORDS.join(', ')}`,
    commands: ['ask', 'chat', 'explain', 'models'],
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
    key: 'lines',
    flags: '--lines',
    description: 'each line of standard input is a text of its own',
    commands: ['embed'],
  },
  {
    key: 'json',
    flags: '--json',
    description: 'print one JSON object, the result or the error, and nothing else',
    commands: ['ask', 'models', 'providers', 'embed', 'explain'],
  },
  {
    key: 'timeout',
    flags: '--timeout <seconds>',
    description: 'time for the whole request, 0 for no limit (default: 600)',
    commands: ALL,
    read: between(0, 1_000_000),
  },
  { key: 'config', flags: '--config <file>', description: 'use this configuration file', commands: ALL },
  {
    key: 'verbose',
    flags: '-v, --verbose',
    description: 'tell on standard error what happens and why',
    commands: ALL,
  },
]

import type { CommandName } from './command-options.js'

/** A command as the help tells of it. */
export interface CommandEntry {
  readonly name: CommandName
  /** How its words are written in the help; empty when it takes none. */
  readonly words: string
  readonly summary: string
  readonly examples: readonly string[]
}

export const COMMAND_TABLE: readonly CommandEntry[] = [
  {
    name: 'ask',
    words: '[question...]',
    summary: 'answer one question; the word `ask` may be left out',
    examples: [
      'openmux "Why is the sea salty?"',
      'openmux ask "Summarise this" < notes.txt',
      'git diff | openmux "Write a commit message"',
      'openmux ask --combine vote --models 3 "Is 7919 a prime?"',
    ],
  },
  {
    name: 'chat',
    words: '[message...]',
    summary: 'hold a conversation; also what `openmux` alone opens at a terminal',
    examples: ['openmux chat --model llama3.2:1b', 'openmux chat --system "Answer in German."'],
  },
  {
    name: 'models',
    words: '',
    summary: 'list the models there are, and where',
    examples: ['openmux models --task embeddings'],
  },
  {
    name: 'providers',
    words: '',
    summary: 'list the providers: ready or not, why, what to do',
    examples: ['openmux providers --json'],
  },
  {
    name: 'embed',
    words: '[text...]',
    summary: 'turn each text into a vector, one JSON array a line',
    examples: ['openmux embed "a cat" "a dog"', 'openmux embed --lines < titles.txt'],
  },
  {
    name: 'explain',
    words: '[question...]',
    summary: 'tell who would answer, and why, without asking',
    examples: ['openmux explain "Why is the sea salty?"', 'openmux explain --task embeddings "a cat"'],
  },
  {
    name: 'probe',
    words: '[provider...]',
    summary: 'compare back ends with what their packages believe, without generating',
    examples: ['openmux probe', 'openmux probe hf-remote --json > report.json'],
  },
  {
    name: 'discover',
    words: '[provider...]',
    summary: 'find the addresses that answer and the models to use',
    examples: ['openmux discover hf --task embeddings', 'openmux discover openrouter'],
  },
  {
    name: 'quota',
    words: '[provider...]',
    summary: 'tell what is left of limits, and who is left alone until when',
    examples: ['openmux quota', 'openmux quota --ask --json'],
  },
  {
    name: 'replay',
    words: '[file...]',
    summary: 'tell who would have been asked under another policy or order',
    examples: [
      'openmux replay decisions.jsonl --policy fast',
      'openmux replay decisions.jsonl --order hf-local,ollama',
    ],
  },
  {
    name: 'cache',
    words: '[action...]',
    summary: 'show what is kept of answers (`info`), or drop it (`clear`)',
    examples: ['openmux cache', 'openmux cache clear'],
  },
]

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
]

import { mkdirSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'
import { commandHelp } from './command-help.ts'
import { corpus } from './corpus.ts'

/** Writes the corpus, one topic a line, for the training. */
export function writeCorpus(file: string): void {
  const topics = corpus(commandHelp())
  mkdirSync(dirname(file), { recursive: true })
  writeFileSync(file, topics.map((topic) => `${JSON.stringify(topic)}\n`).join(''))
}

const [, , file] = process.argv
if (file !== undefined && import.meta.filename === process.argv[1]) writeCorpus(file)

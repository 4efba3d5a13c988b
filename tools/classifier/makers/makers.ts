import type { Makers } from '../grammar.ts'
import type { Random } from '../random.ts'
import { configText, diff, excel, sql } from './config.ts'
import { ERRORS, PLACES, TECH, camel, expression, file, number, snake, word } from './names.ts'
import { FENCES, LANGUAGES, snippet } from './snippet.ts'
import { shellLine, trace } from './terminal.ts'

/**
 * What code makes in requests of every language: names, numbers, program text, traces, shell lines. All of it is
 * put together from parts that stand here.
 */
export const makers: Makers = {
  tech: (random) => random.pick(TECH),
  place: (random) => random.pick(PLACES),
  number,
  identifier: (random) => random.pick([camel, snake, camel, (r: Random) => `${word(r)}.${word(r)}`])(random),
  table: (random) => `${word(random)}s`,
  file,
  ErrorType: (random) => random.pick(ERRORS),
  tongue: (random) =>
    random.pick([
      'French',
      'German',
      'Spanish',
      'Italian',
      'Polish',
      'Dutch',
      'Japanese',
      'Russian',
      'English',
      'Latin',
    ]),
  snippet,
  fenced: (random) => `\`\`\`${random.pick(FENCES)}\n${snippet(random)}\n\`\`\``,
  trace,
  shellLine,
  sql,
  configText,
  diff,
  excel,
  oneLiner: (random) => {
    const [line = ''] = random.pick(LANGUAGES)(random)
    return random.chance(0.4) ? expression(random) : line
  },
}

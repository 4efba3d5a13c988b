import type { Random } from './random.ts'

/** Symbols and what they may become. In an alternative, `{name}` stands for a symbol and `\n` for a new line. */
export type Grammar = ReadonlyMap<string, readonly string[]>

/** Symbols that code makes rather than a list: snippets, names, numbers. */
export type Makers = Readonly<Record<string, (random: Random) => string>>

/**
 * Reads `[symbol]` headings with an alternative a line, or several on a line that begins with `= `, between commas.
 * Throws where a line stands before any heading.
 */
export function readGrammar(text: string, name: string): Grammar {
  const grammar = new Map<string, string[]>()
  let alternatives: string[] | undefined
  for (const line of text.split('\n')) {
    if (line === '') continue
    const heading = /^\[([\p{L}\p{N}]+)\]$/u.exec(line)?.[1]
    if (heading !== undefined) {
      if (grammar.has(heading)) throw new Error(`${name}: [${heading}] stands there twice`)
      alternatives = []
      grammar.set(heading, alternatives)
    } else if (alternatives === undefined) throw new Error(`${name}: "${line}" stands under no [symbol]`)
    else if (line.startsWith('= ')) alternatives.push(...line.slice(2).split(', '))
    else alternatives.push(line.replaceAll('\\n', '\n'))
  }
  return grammar
}

const SLOT = /\{([\p{L}\p{N}]+)\}/gu

/** Names of symbols that nothing defines. */
export function undefinedSymbols(grammar: Grammar, makers: Makers): string[] {
  const names = [...grammar.values()]
    .flat()
    .flatMap((line) => [...line.matchAll(SLOT)].map(([, name]) => name ?? ''))
  return [...new Set(names)].filter((name) => !grammar.has(name) && makers[name] === undefined)
}

/** One random text for a symbol. */
export function expand(symbol: string, grammar: Grammar, makers: Makers, random: Random): string {
  const alternatives = grammar.get(symbol)
  if (alternatives === undefined) {
    const make = makers[symbol]
    if (make === undefined) throw new Error(`no symbol {${symbol}}`)
    return make(random)
  }
  return random
    .pick(alternatives)
    .replaceAll(SLOT, (_, name: string) => expand(name, grammar, makers, random))
}

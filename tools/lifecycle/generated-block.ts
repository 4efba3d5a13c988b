/**
 * A document with the text between its markers `<!-- name -->` and `<!-- /name -->` put anew. Throws when the
 * document does not hold exactly one such pair.
 */
export function withBlock(document: string, name: string, text: string): string {
  const begin = `<!-- ${name} -->`
  const end = `<!-- /${name} -->`
  const parts = document.split(begin)
  const [before, rest] = parts
  const [, after, ...more] = rest?.split(end) ?? []
  if (before === undefined || after === undefined || parts.length !== 2 || more.length > 0) {
    throw new Error(`there must be one pair of markers ${begin} … ${end}`)
  }
  return `${before}${begin}\n\n${text}\n\n${end}${after}`
}

/** A table in Markdown. */
export function table(heads: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`
  return [line(heads), line(heads.map(() => '---')), ...rows.map(line)].join('\n')
}

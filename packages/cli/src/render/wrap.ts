/**
 * Text broken at spaces into lines of at most `width` characters, later lines indented by `hang`
 * spaces. Line ends in the text stay; a word longer than a line is left whole, so that addresses
 * and commands can be copied.
 */
export function wrap(text: string, width: number, hang = 0): string {
  const indent = ' '.repeat(hang)
  return text
    .split('\n')
    .map((line) => wrapLine(line, width, indent))
    .join(`\n${indent}`)
}

function wrapLine(line: string, width: number, indent: string): string {
  if (line.length <= width) return line
  const lead = /^ */.exec(line)?.[0] ?? ''
  const lines: string[] = []
  let current = ''
  for (const word of line.slice(lead.length).split(' ')) {
    const start = lines.length === 0 ? lead : indent
    if (current !== '' && start.length + current.length + 1 + word.length > width) {
      lines.push(start + current)
      current = word
    } else {
      current = current === '' ? word : `${current} ${word}`
    }
  }
  lines.push((lines.length === 0 ? lead : indent) + current)
  return lines.join('\n')
}

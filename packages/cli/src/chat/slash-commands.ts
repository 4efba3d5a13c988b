import { closest, distance } from 'fastest-levenshtein'

/** What a line typed into the chat means. */
export type ChatLine =
  | { readonly kind: 'message'; readonly text: string }
  | { readonly kind: 'empty' }
  | { readonly kind: 'exit' | 'help' }
  | { readonly kind: 'clear' }
  | { readonly kind: 'system' | 'model'; readonly value: string | undefined }
  | { readonly kind: 'save'; readonly file: string }
  | { readonly kind: 'wrong'; readonly message: string }

const NAMES = ['/exit', '/quit', '/clear', '/system', '/model', '/save', '/help'] as const

/** The commands, for `/help` and the documentation. */
export const CHAT_HELP = `/system TEXT  give instructions (alone: take them back)
/model NAME   answer by this model (alone: let OpenMux choose)
/clear        forget the conversation
/save FILE    write the conversation (Markdown; JSON for a name in .json)
/exit         leave, also /quit or Ctrl-D
Ctrl-C        stop the answer; twice at an empty prompt, leave
//TEXT        send a line that begins with /`

/** Reads one line. A word with a second slash (`/etc/hosts`) is no command. */
export function readChatLine(line: string): ChatLine {
  const text = line.trim()
  if (text === '') return { kind: 'empty' }
  if (text.startsWith('//')) return { kind: 'message', text: text.slice(1) }
  const [, name, rest = ''] = /^(\/[a-z]+)(?:\s+(.*))?$/is.exec(text) ?? []
  if (name === undefined) return { kind: 'message', text: line }
  const value = rest.trim() === '' ? undefined : rest.trim()
  switch (name.toLowerCase()) {
    case '/exit':
    case '/quit':
      return { kind: 'exit' }
    case '/clear':
      return { kind: 'clear' }
    case '/help':
      return { kind: 'help' }
    case '/system':
      return { kind: 'system', value }
    case '/model':
      return { kind: 'model', value }
    case '/save':
      return value === undefined
        ? { kind: 'wrong', message: '/save needs the name of a file.' }
        : { kind: 'save', file: value }
    default:
      return {
        kind: 'wrong',
        message: `There is no command ${name}.${suggestion(name)} /help lists them; // sends a line that begins with /.`,
      }
  }
}

function suggestion(name: string): string {
  const near = closest(name, [...NAMES])
  return distance(name, near) <= 2 ? ` Did you mean ${near}?` : ''
}

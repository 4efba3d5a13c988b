/** C0 without tab and line feed, DEL, and C1: what a terminal obeys instead of showing. */
// oxlint-disable-next-line no-control-regex
const CONTROLS = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f]/g

/** Where Unicode keeps pictures of the control characters: ␀ is U+2400, ␛ is U+241B, ␡ is U+2421. */
const PICTURES = 0x2400
const PICTURE_OF_DELETE = '\u2421'

/**
 * `text` with every control character shown as its picture, so that a model's answer (or a name or
 * message from a server) cannot move the cursor, change colours, rename the window or write to the
 * clipboard. Tabs, line ends and every printable character stay.
 */
export function showControls(text: string): string {
  return text.replaceAll('\r\n', '\n').replace(CONTROLS, pictureOf)
}

function pictureOf(control: string): string {
  const code = control.charCodeAt(0)
  if (code < 0x20) return String.fromCharCode(PICTURES + code)
  return code === 0x7f ? PICTURE_OF_DELETE : '\ufffd'
}

/** {@link showControls} for a text that comes in pieces: a line end split between two pieces stays one. */
export class PieceCleaner {
  #heldReturn = false

  /** What can be written now. */
  push(piece: string): string {
    const text = this.#heldReturn ? `\r${piece}` : piece
    this.#heldReturn = text.endsWith('\r')
    return showControls(this.#heldReturn ? text.slice(0, -1) : text)
  }

  /** What is left at the end. */
  end(): string {
    const rest = this.#heldReturn ? showControls('\r') : ''
    this.#heldReturn = false
    return rest
  }
}

/** A deep copy of plain data with {@link showControls} applied to every text in it. */
export function showControlsIn<T>(value: T): T
export function showControlsIn(value: unknown): unknown {
  if (typeof value === 'string') return showControls(value)
  if (Array.isArray(value)) return value.map((item: unknown) => showControlsIn(item))
  if (typeof value === 'object' && value !== null) {
    return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, showControlsIn(item)]))
  }
  return value
}

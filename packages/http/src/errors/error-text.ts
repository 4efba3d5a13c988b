/** What an upstream said went wrong, out of whatever envelope it used. */
export interface ErrorText {
  /** Empty when nothing was said. At most {@link MAX_MESSAGE} characters. */
  readonly message: string
  readonly code?: string
  readonly type?: string
}

/** Characters kept of a message. */
const MAX_MESSAGE = 500
/** Steps into a value, text or envelope that are taken: enough for JSON in a string in JSON, twice. */
const MAX_DEPTH = 12

/**
 * The message, code and type of a failed answer: `{error:"t"}`, `{error:{message,code,type}}`, `{errors:[…]}`,
 * `{message}`, `{detail}` (FastAPI), an array of any of them (Gemini), JSON inside a string, JSON glued to SSE
 * (`data: {…}`), the title of an HTML page, or plain text.
 * @param json the parsed body, undefined when it is not JSON.
 */
export function errorText(json: unknown, body: string): ErrorText {
  const found = json === undefined ? undefined : fromValue(json, 0)
  return bounded(found ?? fromText(body, 0) ?? { message: '' })
}

function fromValue(value: unknown, depth: number): ErrorText | undefined {
  if (depth > MAX_DEPTH) return undefined
  if (typeof value === 'string') return fromText(value, depth + 1)
  if (Array.isArray(value)) {
    for (const part of value) {
      const found = fromValue(part, depth + 1)
      if (found !== undefined) return found
    }
    return undefined
  }
  if (typeof value !== 'object' || value === null) return undefined
  return fromObject(value as Readonly<Record<string, unknown>>, depth)
}

/** Members that hold the reason, the most telling first. */
const REASONS = [
  'error',
  'errors',
  'message',
  'detail',
  'details',
  'msg',
  'error_description',
  'title',
  'reason',
] as const

function fromObject(object: Readonly<Record<string, unknown>>, depth: number): ErrorText | undefined {
  // Google gives the status as `code` and the word as `status`: the word says more.
  const code = textWord(object['code']) ?? textWord(object['status']) ?? word(object['code'])
  const type = word(object['type']) ?? word(object['error_type'])
  let wordless: ErrorText | undefined
  for (const name of REASONS) {
    const inner = fromValue(object[name], depth + 1)
    if (inner === undefined) continue
    if (inner.message !== '') return named(inner, code, type)
    wordless ??= inner
  }
  if (wordless === undefined && code === undefined && type === undefined) return undefined
  return named(wordless ?? { message: '' }, code, type)
}

/** `inner` with code and type of the envelope where it has none itself. */
function named(inner: ErrorText, code: string | undefined, type: string | undefined): ErrorText {
  const innerCode = inner.code ?? code
  const innerType = inner.type ?? type
  return {
    message: inner.message,
    ...(innerCode === undefined ? {} : { code: innerCode }),
    ...(innerType === undefined ? {} : { type: innerType }),
  }
}

function word(value: unknown): string | undefined {
  return typeof value === 'number' ? String(value) : textWord(value)
}

function textWord(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' && value.length <= 100 ? value : undefined
}

function fromText(text: string, depth: number): ErrorText | undefined {
  const trimmed = text.trim()
  if (trimmed === '') return undefined
  const parsed = parseGlued(trimmed)
  const inner = parsed === undefined ? undefined : fromValue(parsed, depth + 1)
  if (inner !== undefined && inner.message !== '') return inner
  if (looksLikeHtml(trimmed)) return { message: htmlTitle(trimmed) }
  return { message: trimmed }
}

/** JSON at the start of `text`, also behind `data:` or `event: error` lines. */
function parseGlued(text: string): unknown {
  const bare = /^(?:(?:event|id|retry):[^\n]*\n)*data:\s*([^\n]*)/.exec(text)?.[1] ?? text
  if (!/^[[{"]/.test(bare)) return undefined
  try {
    return JSON.parse(bare)
  } catch {
    return undefined
  }
}

/** Whether `text` is a web page rather than an answer of an API. */
export function looksLikeHtml(text: string): boolean {
  return /^\s*(?:<\?xml[^>]*>\s*)?(?:<!--[^]{0,500}?-->\s*)?<(?:!doctype html|html|head|body|title|h1|center)\b/i.test(
    text.slice(0, 1_000),
  )
}

function htmlTitle(html: string): string {
  const title = /<(title|h1)[^>]*>([^<]{1,300})</i.exec(html)?.[2]
  return title === undefined ? 'a web page' : title
}

function bounded(text: ErrorText): ErrorText {
  const message = text.message.replace(/\s+/g, ' ').trim()
  return {
    ...text,
    message: message.length > MAX_MESSAGE ? `${message.slice(0, MAX_MESSAGE - 1)}…` : message,
  }
}

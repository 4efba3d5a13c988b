/** Headers whose values are keys. */
const SECRET_HEADER = /^(?:authorization|proxy-authorization|cookie)$|api-?key|token|secret/i

/** Query parameters whose values are keys (Google's `?key=`, signed addresses). */
const SECRET_PARAMETER = /^(?:key|sig|signature|auth)$|api-?_?key|token|secret|password/i

/** Whether a header of this name carries a key. */
export function isSecretHeader(name: string): boolean {
  return SECRET_HEADER.test(name)
}

/** Where a request may hold keys. */
export interface KeyPlaces {
  readonly apiKey?: string | undefined
  readonly headers?: Readonly<Record<string, string>> | undefined
  /** With its query. */
  readonly path?: string | undefined
}

/**
 * Every form in which the keys of a request might come back in a message: as they are, without their scheme,
 * as JSON (also JSON in JSON), URL and Base64 text; the longest first, so that no part of a longer one is left over.
 */
export function secretForms({ apiKey, headers, path }: KeyPlaces): readonly string[] {
  const forms = new Set<string>()
  for (const secret of [
    ...(apiKey === undefined ? [] : [apiKey]),
    ...inHeaders(headers ?? {}),
    ...inQuery(path ?? ''),
  ]) {
    if (secret === '') continue
    const json = inJson(secret)
    for (const form of [secret, json, inJson(json), inUrl(secret), inBase64(secret)]) forms.add(form)
  }
  return [...forms].toSorted((first, second) => second.length - first.length)
}

function inHeaders(headers: Readonly<Record<string, string>>): string[] {
  return Object.entries(headers)
    .filter(([name]) => isSecretHeader(name))
    .flatMap(([, value]) => [value, value.slice(value.indexOf(' ') + 1).trim()])
}

/** Raw and decoded: an upstream may repeat either. */
function inQuery(path: string): string[] {
  const start = path.indexOf('?')
  if (start === -1) return []
  const secrets: string[] = []
  for (const pair of path.slice(start + 1).split(/[&#]/)) {
    const [name = '', raw = ''] = pair.split('=', 2)
    if (SECRET_PARAMETER.test(name)) secrets.push(raw, new URLSearchParams(`v=${raw}`).get('v') ?? '')
  }
  return secrets
}

function inJson(text: string): string {
  return JSON.stringify(text).slice(1, -1)
}

function inUrl(text: string): string {
  // A lone surrogate cannot be encoded; it cannot be sent either.
  return encodeURIComponent(text.toWellFormed())
}

function inBase64(text: string): string {
  const bytes = Array.from(new TextEncoder().encode(text), (byte) => String.fromCharCode(byte))
  // Without padding, so that it is also found inside the encoding of a longer text that begins with it.
  return btoa(bytes.join('')).replace(/=+$/, '')
}

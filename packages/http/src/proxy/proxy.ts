import { OpenMuxError } from '@openmux/core'
import { portOf } from '../client/base-url.js'

/** A proxy that requests go by. */
export interface Proxy {
  /** The variable that names it. */
  readonly variable: string
  /** Without user and password. */
  readonly origin: string
  /** `host:port`, for messages. */
  readonly host: string
  /** What it is told of who asks; nobody else is told. */
  readonly authorization?: string
  /** What must not be shown. */
  readonly secrets: readonly string[]
}

/** Reads the address of a proxy. Throws `needs-setup` that names the variable, and not the address: it may hold a password. */
export function parseProxy(variable: string, address: string): Proxy {
  // Read as it stands, a part of the password would be the host that messages show.
  if (/[/\\?#].*@/.test(address.replace(/^[^/]*:\/\//, '')))
    throw unusable(
      variable,
      'holds a / or \\ or ? or # before the @ (in a user or password write %2F, %5C, %3F and %23)',
    )
  // `proxy.example:3128` is a common way to write `http://proxy.example:3128`.
  const url = URL.parse(address.includes('://') ? address : `http://${address}`)
  if (url === null) throw unusable(variable, 'holds no address')
  if (url.protocol.startsWith('socks')) throw unusable(variable, 'names a SOCKS proxy')
  if (url.protocol !== 'http:' && url.protocol !== 'https:')
    throw unusable(variable, 'holds an address that begins with neither http:// nor https://')
  const common = {
    variable,
    origin: url.origin,
    host: `${url.hostname}:${portOf(url)}`,
  }
  if (url.username === '' && url.password === '') return { ...common, secrets: [] }
  const user = decoded(url.username)
  const password = decoded(url.password)
  const encoded = base64(`${user}:${password}`)
  return {
    ...common,
    authorization: `Basic ${encoded}`,
    // A user without a password is a key.
    secrets: [encoded, ...(password === '' ? [user, url.username] : [password, url.password])].filter(
      (secret) => secret !== '',
    ),
  }
}

function unusable(variable: string, what: string): OpenMuxError {
  return new OpenMuxError({
    code: 'needs-setup',
    scope: 'machine',
    field: variable,
    message: `${variable} ${what}, which OpenMux cannot go by.`,
    hint: `Set ${variable} to an HTTP proxy such as http://proxy.example:3128, unset it, or list hosts to be asked directly in NO_PROXY.`,
  })
}

/** A lone % is taken as it stands: whoever wrote it meant it. */
function decoded(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    return text
  }
}

function base64(text: string): string {
  return btoa(Array.from(new TextEncoder().encode(text), (byte) => String.fromCharCode(byte)).join(''))
}

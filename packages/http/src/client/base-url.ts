import { OpenMuxError } from '@openmux/core'

/** A checked base address. */
export interface BaseURL {
  /** Without trailing slashes; query and fragment never belong to it. */
  readonly href: string
  /** With its port, also where the port is the usual one: `openrouter.ai:443`. */
  readonly host: string
  /** Whether what is sent can be read on the way: plain `http:` to another machine. */
  readonly exposed: boolean
}

/** Checks and normalises the base address of `provider`. Throws `bad-config`, field `baseURL`. */
export function parseBaseURL(baseURL: string, provider: string): BaseURL {
  const url = URL.parse(baseURL)
  if (url === null) throw badBaseURL(provider, `is not a URL (${describe(baseURL)})`)
  if (url.protocol !== 'http:' && url.protocol !== 'https:') {
    throw badBaseURL(provider, `has the scheme ${url.protocol}, but only http: and https: can be used`)
  }
  if (url.username !== '' || url.password !== '') {
    throw badBaseURL(provider, 'holds a user name or password; give the key as apiKey instead')
  }
  if (url.search !== '' || url.hash !== '')
    throw badBaseURL(provider, 'has a query or a fragment; leave it out')
  return {
    href: `${url.origin}${url.pathname.replace(/\/+$/, '')}`,
    host: `${url.hostname}:${portOf(url)}`,
    exposed: url.protocol === 'http:' && !isLoopback(url.hostname),
  }
}

/** The port of an http: or https: address, also where it is the usual one and left out. */
export function portOf({ port, protocol }: { readonly port: string; readonly protocol: string }): string {
  return port === '' ? (protocol === 'https:' ? '443' : '80') : port
}

/** Whether a host name of a parsed URL is this machine: `localhost`, `*.localhost`, 127.0.0.0/8, `[::1]`. */
export function isLoopback(hostname: string): boolean {
  const name = hostname.replace(/\.$/, '')
  return (
    name === 'localhost' ||
    name.endsWith('.localhost') ||
    /^127\.\d+\.\d+\.\d+$/.test(name) ||
    name === '[::1]' ||
    /^\[::ffff:7f[0-9a-f]{2}:[0-9a-f]{1,4}\]$/.test(name)
  )
}

function badBaseURL(provider: string, what: string): OpenMuxError {
  return new OpenMuxError({
    code: 'bad-config',
    provider,
    field: 'baseURL',
    message: `The baseURL of ${provider} ${what}.`,
    hint: 'Give an address such as https://example.com/v1 or http://127.0.0.1:11434.',
  })
}

/** The shape of a value without the value: an address may hold a key. */
function describe(value: unknown): string {
  if (typeof value !== 'string') return typeof value
  return value.trim() === '' ? 'an empty text' : `a text of ${value.length} characters`
}

import { OpenMuxError } from '@openmux/core'
import { isLoopback } from '@openmux/http'

/** Where an Ollama server is. */
export interface OllamaAddress {
  /** `http://127.0.0.1:11434`, with a path prefix if one was given, never with a slash at the end. */
  readonly baseURL: string
  /** `host:port`, as the provider declares it. */
  readonly host: string
  /** Ollama's own cloud: prompts leave the machine and a key is needed. */
  readonly isCloud: boolean
  readonly isLoopback: boolean
}

const DEFAULT_PORT = '11434'
const CLOUD_HOST = 'ollama.com'
/** Names, also international ones, and IPv6 in brackets; `URL` alone would take quotes and commas for a name. */
const HOST_NAME = /^(?:[\p{L}\p{N}._-]+|\[[\da-f:.]+\])$/iu

/**
 * Reads an address in every spelling Ollama's own client takes for `OLLAMA_HOST` (Ollama
 * envconfig/config.go, Host and ConnectableHost): bare host, bare port (`:11434`), IPv6 with and
 * without brackets, `http://host` (port 80), `https://host` (port 443), a path prefix,
 * `ollama.com`. `0.0.0.0` and `::` are addresses to listen on; their loopback is used. A trailing
 * `/api` or `/v1`, copied from elsewhere, is taken off.
 *
 * Unlike Ollama, which falls back to its default port with a line in a log, a malformed value is an
 * error: `bad-config` with `field`, naming the shape of the value and not the value itself.
 */
export function parseOllamaAddress(value: string, field = 'OLLAMA_HOST'): OllamaAddress {
  // Ollama's reader of its variables trims quotes as well (envconfig, Var).
  const text = value
    .trim()
    .replace(/^(["'])(.*)\1$/s, '$2')
    .trim()
  const fail = (problem: string): never => {
    throw badAddress(field, problem)
  }
  const [, givenScheme, rest = ''] = /^(?:([^:/?#]*):\/\/)?(.*)$/s.exec(text) ?? []
  const scheme = (givenScheme ?? (text === CLOUD_HOST ? 'https' : 'http')).toLowerCase()
  if (scheme !== 'http' && scheme !== 'https') fail('a scheme that is neither http nor https')
  if (/\s/.test(rest)) fail('a blank inside')
  if (rest.includes('@')) fail('a user name or password')
  if (/[?#]/.test(rest)) fail('a query or a fragment')

  const slash = rest.indexOf('/')
  const hostPort = slash < 0 ? rest : rest.slice(0, slash)
  const path = slash < 0 ? '' : rest.slice(slash)
  const { host, port } = splitHostPort(hostPort) ?? fail('something that is no host and port')
  const usual =
    givenScheme === undefined && scheme === 'http' ? DEFAULT_PORT : scheme === 'https' ? '443' : '80'
  if (port !== undefined && !isPort(port)) fail('a port that is no number from 1 to 65535')

  const name = host === '' ? '127.0.0.1' : host === '[]' ? '[::1]' : host
  if (!HOST_NAME.test(name)) fail('something that is no host and port')
  let url: URL
  try {
    url = new URL(`${scheme}://${name}:${port ?? usual}${path}`)
  } catch {
    return fail('something that is no host and port')
  }
  // Only a server can use these; the URL has brought every spelling of them to one.
  if (url.hostname === '0.0.0.0') url.hostname = '127.0.0.1'
  if (url.hostname === '[::]') url.hostname = '[::1]'
  const prefix = url.pathname.replace(/(?:\/(?:api|v1)?)+$/, '')
  const shownPort = url.port === '' ? (scheme === 'https' ? '443' : '80') : url.port
  return {
    baseURL: `${url.origin}${prefix}`,
    host: `${url.hostname}:${shownPort}`,
    isCloud: url.hostname === CLOUD_HOST || url.hostname.endsWith(`.${CLOUD_HOST}`),
    isLoopback: isLoopback(url.hostname),
  }
}

function splitHostPort(text: string): { host: string; port: string | undefined } | undefined {
  const [, inBrackets, portAfter] = /^\[([^[\]]*)\](?::(.*))?$/.exec(text) ?? []
  if (inBrackets !== undefined) return { host: `[${inBrackets}]`, port: portAfter }
  if (/[[\]]/.test(text)) return undefined
  // Several colons without brackets can only be a bare IPv6 address.
  if ((text.match(/:/g) ?? []).length > 1) return { host: `[${text}]`, port: undefined }
  const [host = '', port] = text.split(':')
  return { host, port }
}

function isPort(port: string): boolean {
  return /^\d{1,5}$/.test(port) && Number(port) >= 1 && Number(port) <= 65_535
}

function badAddress(field: string, problem: string): OpenMuxError {
  return new OpenMuxError({
    code: 'bad-config',
    provider: 'ollama',
    field,
    message: `${field} is not the address of an Ollama server: it holds ${problem}.`,
    hint: `Give it as host, host:port or http(s)://host:port/path, for instance 127.0.0.1:${DEFAULT_PORT}, or leave it out.`,
  })
}

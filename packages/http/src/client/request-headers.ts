import { OpenMuxError } from '@openmux/core'
import { isSecretHeader } from '../errors/secrets.js'

/** What may stand in a header value (RFC 9110 5.5, no obs-text): anything else could smuggle a second header. */
const HEADER_VALUE = /^[\t\x20-\x7e]*$/
const HEADER_NAME = /^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/

/** Headers with lower-case names. Throws `bad-config` naming the header, never its value. */
export function checkedHeaders(
  headers: Readonly<Record<string, string>> | undefined,
  provider: string,
): Record<string, string> {
  const checked: Record<string, string> = {}
  for (const [name, value] of Object.entries(headers ?? {})) {
    if (!HEADER_NAME.test(name))
      throw badHeader(provider, 'headers', 'A header name holds characters that HTTP does not allow')
    if (typeof value !== 'string' || !HEADER_VALUE.test(value)) {
      throw badHeader(
        provider,
        `headers.${name}`,
        `The value of the header ${name} holds line breaks or other characters that HTTP does not allow`,
      )
    }
    checked[name.toLowerCase()] = value
  }
  return checked
}

/** `key` when it can be sent. Throws `bad-config`, field `apiKey`. */
export function checkedKey(key: string | undefined, provider: string): string | undefined {
  if (key === undefined) return undefined
  if (typeof key !== 'string' || key.trim() === '') {
    throw badHeader(provider, 'apiKey', 'The key is blank', 'Leave it out or give the whole key.')
  }
  if (/\s/.test(key) || !HEADER_VALUE.test(key)) {
    throw badHeader(
      provider,
      'apiKey',
      'The key holds blanks, line breaks or characters that no key has',
      'Copy it again, without what stands around it; a file may end in a line break.',
    )
  }
  return key
}

/** Refuses to send a key where anybody on the way can read it. Throws `bad-config`. */
export function refuseExposedKey(
  headers: Readonly<Record<string, string>>,
  host: string,
  provider: string,
): void {
  const name = Object.keys(headers).find(isSecretHeader)
  if (name === undefined) return
  throw badHeader(
    provider,
    name === 'authorization' ? 'apiKey' : `headers.${name}`,
    `The key would go to ${host} unencrypted`,
    'Use https://, leave the key out, or set allowInsecureKey if you trust the whole network in between.',
  )
}

function badHeader(provider: string, field: string, what: string, hint?: string): OpenMuxError {
  return new OpenMuxError({ code: 'bad-config', provider, field, message: `${what} (${provider}).`, hint })
}

import { portOf } from '../client/base-url.js'
import { numbersOf } from './own-network.js'

/** Whether an address is asked directly though a proxy is named. */
export type IsExcepted = (url: URL) => boolean

/**
 * The exceptions of `NO_PROXY`: by commas or blanks, each `*`, a host (and what lies below it, also written `.host` or
 * `*.host`), an address, a range of IPv4 addresses (`203.0.113.0/24`), with or without `:port`.
 */
export function exceptionsFrom(list: string): IsExcepted {
  const exceptions = list
    .split(/[\s,]+/)
    .filter((entry) => entry !== '')
    .map((entry) => exceptionOf(entry.toLowerCase()))
  return (url) => exceptions.some((isExcepted) => isExcepted(url))
}

function exceptionOf(entry: string): IsExcepted {
  if (entry === '*') return () => true
  const range = /^(\d+\.\d+\.\d+\.\d+)\/(\d{1,2})$/.exec(entry)
  if (range !== null) return inRange(numbersOf(range[1] ?? ''), Number(range[2]))
  const { host, port } = parted(entry.replace(/^[a-z]+:\/\//, '').replace(/\/.*$/, ''))
  const name = normal(host.replace(/^\*?\./, ''))
  return (url) => {
    if (port !== undefined && port !== portOf(url)) return false
    const asked = url.hostname.replace(/\.$/, '')
    return asked === name || (name !== '' && numbersOf(asked) === undefined && asked.endsWith(`.${name}`))
  }
}

function inRange(from: readonly number[] | undefined, bits: number): IsExcepted {
  const start = from === undefined ? undefined : valueOf(from)
  // Not by shifts: those of 32 bits take none at all.
  const size = 2 ** Math.max(0, 32 - bits)
  return ({ hostname }) => {
    const numbers = numbersOf(hostname)
    if (start === undefined || numbers === undefined) return false
    return Math.floor(valueOf(numbers) / size) === Math.floor(start / size)
  }
}

function valueOf(numbers: readonly number[]): number {
  return numbers.reduce((value, number) => value * 256 + number, 0)
}

/** An IPv6 address without brackets has no port: its last group looks like one. */
function parted(entry: string): { readonly host: string; readonly port?: string } {
  const found = /^(\[[^\]]*\]|[^:]*):(\d+)$/.exec(entry)
  return found === null ? { host: entry } : { host: found[1] ?? '', port: String(Number(found[2])) }
}

/** In the form in which URLs hold it, so that `2001:DB8::0:1` and letters beyond ASCII are found. */
function normal(host: string): string {
  const bare = host.includes(':') && !host.startsWith('[') ? `[${host}]` : host
  return (URL.parse(`http://${bare}/`)?.hostname ?? bare).replace(/\.$/, '')
}

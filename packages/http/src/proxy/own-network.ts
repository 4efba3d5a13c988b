import { isLoopback } from '../client/base-url.js'

/** Endings of names that no server of the internet has (RFC 6762, RFC 8375, ICANN's `.internal`, routers' `.lan`, Linux' `.localdomain`). */
const OWN_ENDINGS = ['.local', '.localdomain', '.lan', '.internal', '.home.arpa']

/**
 * Whether a host name of a parsed URL lies on this machine or in its own network: loopback, private and link-local
 * addresses, names of one label, and names that only a network of one's own gives. Such a host is never asked for at a
 * proxy: what is meant to stay here would be read there.
 */
export function isOwnNetwork(hostname: string): boolean {
  const name = hostname.replace(/\.+$/, '').toLowerCase()
  if (isLoopback(name)) return true
  if (name.startsWith('[')) return isOwnAddress6(name.slice(1, -1))
  const address = numbersOf(name)
  if (address !== undefined) return isOwnAddress4(address)
  return !name.includes('.') || OWN_ENDINGS.some((ending) => name.endsWith(ending))
}

/** The four numbers of an IPv4 address in the form URLs are brought to; undefined for a name. */
export function numbersOf(name: string): readonly number[] | undefined {
  return /^\d{1,3}(\.\d{1,3}){3}$/.test(name) ? name.split('.').map(Number) : undefined
}

function isOwnAddress4([first = 0, second = 0]: readonly number[]): boolean {
  return (
    first === 0 ||
    first === 10 ||
    first === 127 ||
    (first === 169 && second === 254) ||
    (first === 172 && second >= 16 && second <= 31) ||
    (first === 192 && second === 168) ||
    // Shared by carriers and by networks of one's own laid over others (RFC 6598).
    (first === 100 && second >= 64 && second <= 127)
  )
}

/** @param address as URLs write it: short, in lower case, without brackets. */
function isOwnAddress6(address: string): boolean {
  const mapped = /^::ffff:([0-9a-f]{1,4}):([0-9a-f]{1,4})$/.exec(address)
  if (mapped !== null) {
    const [high = 0, low = 0] = mapped.slice(1).map((group) => Number.parseInt(group, 16))
    return isOwnAddress4([high >> 8, high & 255, low >> 8, low & 255])
  }
  // Nobody else's address begins with 96 zeros.
  if (address.startsWith('::')) return true
  const group = Number.parseInt(address, 16)
  // Unique local, link-local and the site-local ones of old.
  return (group >= 0xfc00 && group <= 0xfdff) || (group >= 0xfe80 && group <= 0xfeff)
}

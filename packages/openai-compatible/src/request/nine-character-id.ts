const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789'

/**
 * A tool call id of nine letters or digits for any id: itself when it is one already, else made from
 * it, so that a call and its result still belong together. Mistral refuses ids of any other form.
 */
export function nineCharacterId(id: string): string {
  if (/^[A-Za-z0-9]{9}$/.test(id)) return id
  // Two 32-bit hashes with different starts: nine characters of base 62 hold 53 bits.
  let rest = (BigInt(fnv(id, 0x811c9dc5)) << 32n) | BigInt(fnv(id, 0x01234567))
  let made = ''
  for (let place = 0; place < 9; place++) {
    made += ALPHABET[Number(rest % 62n)] ?? 'A'
    rest /= 62n
  }
  return made
}

/** FNV-1a over the code units. */
function fnv(text: string, start: number): number {
  let hash = start
  for (let at = 0; at < text.length; at++) hash = Math.imul(hash ^ text.charCodeAt(at), 0x01000193) >>> 0
  return hash
}

import { FEATURE_SPACE } from './features.js'

/** The first bytes of packed weights: what they are, and the version of their form. */
const MAGIC = [0x4f, 0x4d, 0x43, 0x01] as const
const HEADER_BYTES = 32
/** Slots of the table in memory; at most two thirds of them may be taken. */
const SLOTS = 1 << 15
const MOST_FEATURES = Math.floor((SLOTS * 2) / 3)
const EMPTY = 0xffffffff

/** Weights ready to be looked up: for each feature what it says for code and for embeddings, against chat. */
export interface Weights {
  /** The place of a feature in `code` and `embeddings`; -1 for one that says nothing. */
  readonly slotOf: (feature: number) => number
  readonly code: Int8Array
  readonly embeddings: Int8Array
  /** What one step of `code` and `embeddings` is worth. */
  readonly codeStep: number
  readonly embeddingsStep: number
  readonly codeBias: number
  readonly embeddingsBias: number
  /** Places there are. */
  readonly slots: number
}

/**
 * Unpacks weights from base64. Form: 4 bytes `OMC` and version 1, a checksum of what follows (FNV-1a, 32 bits),
 * four floats (steps, biases), two counts; then for code and for embeddings, in rising order, each feature as
 * the distance from the last one (7 bits a byte, the lowest first) and one signed byte. Numbers are little-endian.
 * Throws an `Error` that says what is wrong when anything is damaged.
 */
export function unpackWeights(packed: string): Weights {
  const bytes = bytesOf(packed)
  if (bytes.length < HEADER_BYTES) throw new Error('the weights are cut off')
  if (MAGIC.some((byte, at) => bytes[at] !== byte)) throw new Error('the weights are of another form')
  const view = new DataView(bytes.buffer)
  if (view.getUint32(4, true) !== checksumOf(bytes, 8)) throw new Error('the weights are damaged')
  const codeCount = view.getUint32(24, true)
  const embeddingsCount = view.getUint32(28, true)
  if (codeCount + embeddingsCount > MOST_FEATURES) throw new Error('the weights are too many')

  const keys = new Uint32Array(SLOTS).fill(EMPTY)
  const code = new Int8Array(SLOTS)
  const embeddings = new Int8Array(SLOTS)
  const place = (feature: number): number => {
    let slot = startOf(feature)
    while (keys[slot] !== EMPTY && keys[slot] !== feature) slot = (slot + 1) % SLOTS
    return slot
  }
  let at = HEADER_BYTES
  for (const [count, into] of [
    [codeCount, code],
    [embeddingsCount, embeddings],
  ] as const) {
    let feature = 0
    for (let entry = 0; entry < count; entry += 1) {
      let shift = 0
      let byte: number
      do {
        byte = bytes[at] ?? 0
        at += 1
        feature += (byte & 0x7f) << shift
        shift += 7
      } while (byte > 0x7f && shift < 28)
      if (feature >= FEATURE_SPACE || at >= bytes.length) throw new Error('the weights are damaged')
      const slot = place(feature)
      keys[slot] = feature
      into[slot] = view.getInt8(at)
      at += 1
    }
  }
  return {
    slotOf: (feature) => {
      const slot = place(feature)
      return keys[slot] === EMPTY ? -1 : slot
    },
    code,
    embeddings,
    codeStep: view.getFloat32(8, true),
    embeddingsStep: view.getFloat32(12, true),
    codeBias: view.getFloat32(16, true),
    embeddingsBias: view.getFloat32(20, true),
    slots: SLOTS,
  }
}

function startOf(feature: number): number {
  return (Math.imul(feature, 0x9e3779b1) >>> 0) % SLOTS
}

/** FNV-1a of the bytes from `start` on. */
function checksumOf(bytes: Uint8Array, start: number): number {
  let sum = 0x811c9dc5
  for (let at = start; at < bytes.length; at += 1) sum = Math.imul(sum ^ (bytes[at] ?? 0), 0x01000193)
  return sum >>> 0
}

function bytesOf(packed: string): Uint8Array<ArrayBuffer> {
  let text: string
  try {
    text = atob(packed)
  } catch {
    throw new Error('the weights are not base64')
  }
  return Uint8Array.from(text, (character) => character.charCodeAt(0))
}

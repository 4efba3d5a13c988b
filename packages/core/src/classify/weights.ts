import { OpenMuxError } from '../errors/openmux-error.js'
import { BitReader } from './bit-reader.js'
import { FEATURE_SPACE } from './features.js'

/** The first bytes of packed weights: what they are. */
const MAGIC = [0x4f, 0x4d, 0x43] as const
/** The byte behind them: the version of their form. */
const VERSION = 2
const HEADER_BYTES = 64
/** Different weights there are for each output. */
const LEVELS = 16
/** Slots of the table in memory; at most two thirds of them may be taken. */
const SLOT_BITS = 16
const SLOTS = 1 << SLOT_BITS
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
  /** For each place the last round that met it; behind them all, the last round. */
  readonly seen: Uint8Array
}

/**
 * Unpacks weights from base64. Form, little-endian: 4 bytes `OMC` and version 2; a checksum of what follows (FNV-1a,
 * 32 bits); four floats (steps of code and embeddings, their biases); two counts of features; 16 signed bytes for
 * each output, its different weights in steps. Then bits, the highest of a byte first: for code and for embeddings
 * 5 bits `k` and, in rising order, each feature as the distance from the last one in a Rice code (as many ones as
 * it holds 2^k, a zero, k bits of the rest) and 4 bits that name its weight.
 * Throws an `OpenMuxError` with code `bad-config` and field `weights` that says what is wrong with anything else.
 */
export function unpackWeights(packed: string): Weights {
  const bytes = bytesOf(packed)
  if (bytes.length < HEADER_BYTES) throw unusable('the weights are cut off')
  if (MAGIC.some((byte, at) => bytes[at] !== byte))
    throw unusable('the weights are no weights of a classifier')
  if (bytes[3] !== VERSION)
    throw unusable(`the weights have version ${bytes[3]}, and only version ${VERSION} is read here`)
  const view = new DataView(bytes.buffer)
  if (view.getUint32(4, true) !== checksumOf(bytes, 8)) throw unusable('the weights are damaged')
  const counts = [view.getUint32(24, true), view.getUint32(28, true)] as const
  if (counts[0] + counts[1] > MOST_FEATURES) throw unusable('the weights are too many')

  const keys = new Uint32Array(SLOTS).fill(EMPTY)
  const outputs = [new Int8Array(SLOTS), new Int8Array(SLOTS)] as const
  const place = (feature: number): number => {
    let slot = startOf(feature)
    while (keys[slot] !== EMPTY && keys[slot] !== feature) slot = (slot + 1) & (SLOTS - 1)
    return slot
  }
  const bits = new BitReader(bytes, HEADER_BYTES)
  for (const [which, output] of outputs.entries()) {
    const k = bits.read(5)
    let feature = 0
    for (let entry = 0; entry < (counts[which] ?? 0); entry += 1) {
      feature += bits.readRice(k)
      const level = bits.read(4)
      if (feature >= FEATURE_SPACE || bits.isOver) throw unusable('the weights are damaged')
      const slot = place(feature)
      keys[slot] = feature
      output[slot] = view.getInt8(32 + which * LEVELS + level)
    }
  }
  return {
    slotOf: (feature) => {
      const slot = place(feature)
      return keys[slot] === EMPTY ? -1 : slot
    },
    code: outputs[0],
    embeddings: outputs[1],
    codeStep: view.getFloat32(8, true),
    embeddingsStep: view.getFloat32(12, true),
    codeBias: view.getFloat32(16, true),
    embeddingsBias: view.getFloat32(20, true),
    seen: new Uint8Array(SLOTS + 1),
  }
}

function unusable(what: string): OpenMuxError {
  return new OpenMuxError({
    code: 'bad-config',
    message: what,
    field: 'weights',
    hint: 'Give the text that `tools/classifier/train.ts` of the same version wrote, or leave the classifier out: OpenMux has one.',
  })
}

function startOf(feature: number): number {
  return Math.imul(feature, 0x9e3779b1) >>> (32 - SLOT_BITS)
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
    throw unusable('the weights are not base64')
  }
  return Uint8Array.from(text, (character) => character.charCodeAt(0))
}

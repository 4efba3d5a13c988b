/** Bytes turned into text at once: more would not fit on the stack. */
const SLICE = 8_192

/** Numbers as little-endian 32-bit floats in base64, as OpenAI sends embeddings (openai-node, internal/utils/base64.ts). */
export function floatsToBase64(numbers: readonly number[]): string {
  const bytes = new Uint8Array(numbers.length * 4)
  const view = new DataView(bytes.buffer)
  for (const [index, number] of numbers.entries()) view.setFloat32(index * 4, number, true)
  let binary = ''
  for (let at = 0; at < bytes.length; at += SLICE)
    binary += String.fromCharCode(...bytes.subarray(at, at + SLICE))
  return btoa(binary)
}

/** The numbers of {@link floatsToBase64}; undefined when the text is not base64 of whole floats. */
export function base64ToFloats(text: string): readonly number[] | undefined {
  let binary: string
  try {
    binary = atob(text)
  } catch {
    return undefined
  }
  if (binary.length % 4 !== 0) return undefined
  const view = new DataView(new ArrayBuffer(binary.length))
  for (let at = 0; at < binary.length; at++) view.setUint8(at, binary.charCodeAt(at))
  return Array.from({ length: binary.length / 4 }, (_none, index) => view.getFloat32(index * 4, true))
}

import { type ImagePart, OpenMuxError } from '@openmux/core'

/**
 * The bytes of an image as base64, the only form the server takes. `data:` addresses are
 * unpacked; other addresses are refused with `unsupported`, because Ollama fetches nothing.
 */
export function imageBase64(part: ImagePart, model: string, field: string): string {
  if ('base64' in part) return part.base64.replace(/^data:[^,]*,/, '')
  const [, isBase64, data] = /^data:[^,]*?(;base64)?,(.*)$/is.exec(part.url) ?? []
  if (data === undefined) {
    throw new OpenMuxError({
      code: 'unsupported',
      provider: 'ollama',
      model,
      field,
      message: `Ollama takes the bytes of an image, not its address (${field}).`,
      hint: 'Fetch the image and pass it as `{ type: "image", mediaType, base64 }`.',
    })
  }
  try {
    const text = decodeURIComponent(data)
    return isBase64 === undefined ? bytesToBase64(new TextEncoder().encode(text)) : text
  } catch (cause) {
    const message = `\`${field}\` is a data: address that cannot be read.`
    throw new OpenMuxError({ code: 'bad-request', provider: 'ollama', model, field, message, cause })
  }
}

function bytesToBase64(bytes: Uint8Array): string {
  let text = ''
  for (const byte of bytes) text += String.fromCharCode(byte)
  return btoa(text)
}

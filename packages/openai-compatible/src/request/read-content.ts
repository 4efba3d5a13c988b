import type { ImagePart, UserPart } from '@openmux/core'
import { objectOf } from '@openmux/http'
import { wrongField } from './request-error.js'

/** Parts that are text, by the member that holds it. The last two are of the Responses format, which some clients mix in. */
const TEXT_MEMBER: Readonly<Record<string, string>> = {
  text: 'text',
  refusal: 'refusal',
  input_text: 'text',
  output_text: 'text',
}

/** The content of a message that can only be text: a text, `null`, or parts of text. Throws `bad-request`. */
export function readTextContent(value: unknown, field: string): string {
  if (value === null || value === undefined) return ''
  if (typeof value === 'string') return value
  if (!Array.isArray(value)) throw wrongField(field, 'a text, null or an array of parts', value)
  return value.map((part, index) => readTextPart(part, `${field}[${index}]`)).join('')
}

/** The content of a user message. Throws `bad-request` naming the part. */
export function readUserContent(value: unknown, field: string): string | readonly UserPart[] {
  if (!Array.isArray(value)) return readTextContent(value, field)
  if (value.length === 0) return ''
  return value.map((part: unknown, index) => readUserPart(part, `${field}[${index}]`))
}

function readUserPart(value: unknown, field: string): UserPart {
  const part = objectOf(value)
  if (part?.['type'] !== 'image_url' && part?.['type'] !== 'input_image')
    return { type: 'text', text: readTextPart(value, field) }
  const image = part['image_url']
  const url = typeof image === 'string' ? image : objectOf(image)?.['url']
  if (typeof url !== 'string' || url === '') throw wrongField(`${field}.image_url`, '{ "url": "…" }', image)
  return readImage(url, `${field}.image_url.url`)
}

function readTextPart(value: unknown, field: string): string {
  // Bare texts between parts are of no standard, but plain to read.
  if (typeof value === 'string') return value
  const part = objectOf(value)
  if (part === undefined) throw wrongField(field, 'a part with a type', value)
  const type = part['type']
  const member = typeof type === 'string' && Object.hasOwn(TEXT_MEMBER, type) ? TEXT_MEMBER[type] : undefined
  if (member === undefined) throw wrongField(`${field}.type`, 'text or image_url', type)
  const text = part[member]
  if (typeof text !== 'string') throw wrongField(`${field}.${member}`, 'a text', text)
  return text
}

function readImage(url: string, field: string): ImagePart {
  if (!/^data:/i.test(url)) {
    if (/^https?:\/\//i.test(url)) return { type: 'image', url }
    throw wrongField(field, 'a data: or https: address', url)
  }
  const comma = url.indexOf(',')
  const kind = url.slice('data:'.length, Math.max(comma, 0))
  const mediaType = kind.split(';', 1)[0] ?? ''
  if (comma === -1 || !/;base64$/i.test(kind) || mediaType === '') {
    throw wrongField(field, 'data:<media type>;base64,<data>', url)
  }
  return { type: 'image', mediaType, base64: url.slice(comma + 1) }
}

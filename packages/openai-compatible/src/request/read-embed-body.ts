import type { EmbedInput } from '@openmux/core'
import { defined, objectOf } from '@openmux/http'
import type { EmbeddingEncoding } from '../wire/embeddings.js'
import { readNumber, readText } from './read-field.js'
import { wrongField } from './request-error.js'

/** A received `POST /embeddings`. */
export interface ReceivedEmbed {
  /** `model` is there when the body named one. */
  readonly input: EmbedInput & { readonly input: readonly string[] }
  /** How the answer must hold the vectors. The `openai` client asks for `base64` unless told otherwise. */
  readonly encoding: EmbeddingEncoding
}

/** `input_type` as OpenRouter, NVIDIA and Cohere spell it. */
const PURPOSES: Readonly<Record<string, 'query' | 'document'>> = {
  query: 'query',
  search_query: 'query',
  document: 'document',
  passage: 'document',
  search_document: 'document',
}

/**
 * A body of the OpenAI embeddings format as an input of the orchestrator. Throws `bad-request` naming the field;
 * so are arrays of tokens, which no back end here can take.
 */
export function readEmbedBody(value: unknown): ReceivedEmbed {
  const body = objectOf(value)
  if (body === undefined) throw wrongField('body', 'a JSON object', value)
  const encoding = body['encoding_format'] ?? 'float'
  if (encoding !== 'float' && encoding !== 'base64')
    throw wrongField('encoding_format', 'float or base64', encoding)
  const purpose = body['input_type']
  return {
    input: {
      input: readInput(body['input']),
      ...defined({
        model: readText(body, 'model'),
        dimensions: readNumber(
          body,
          'dimensions',
          'a whole number above 0',
          (count) => Number.isInteger(count) && count > 0,
        ),
        purpose:
          typeof purpose === 'string' && Object.hasOwn(PURPOSES, purpose) ? PURPOSES[purpose] : undefined,
      }),
    },
    encoding,
  }
}

function readInput(value: unknown): readonly string[] {
  const inputs: readonly unknown[] = Array.isArray(value) ? value : [value]
  if (inputs.length === 0) throw wrongField('input', 'a text or a non-empty array of texts', value)
  return inputs.map((text, index) => {
    const field = Array.isArray(value) ? `input[${index}]` : 'input'
    if (typeof text === 'number' || Array.isArray(text)) {
      throw wrongField(field, 'a text: tokens belong to one tokenizer and cannot be passed on', text)
    }
    if (typeof text === 'string' && text !== '') return text
    throw wrongField(field, 'a text that is not empty', text)
  })
}

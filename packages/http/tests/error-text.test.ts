import fc from 'fast-check'
import { expect, test } from 'vitest'
import { errorText } from '../src/index.js'

const read = (body: string): ReturnType<typeof errorText> => {
  let json: unknown
  try {
    json = JSON.parse(body)
  } catch {
    json = undefined
  }
  return errorText(json, body)
}

test.each<readonly [string, string, ReturnType<typeof errorText>]>([
  ['a bare text (Ollama)', '{"error":"model \'x\' not found"}', { message: "model 'x' not found" }],
  [
    'the OpenAI envelope',
    '{"error":{"message":"m","type":"invalid_request_error","param":null,"code":"c"}}',
    { message: 'm', code: 'c', type: 'invalid_request_error' },
  ],
  [
    'a numeric code (OpenRouter)',
    '{"error":{"message":"User not found.","code":401},"user_id":"u"}',
    { message: 'User not found.', code: '401' },
  ],
  [
    'the word before the number (Google)',
    '[{"error":{"code":400,"message":"API key not valid.","status":"INVALID_ARGUMENT"}}]',
    { message: 'API key not valid.', code: 'INVALID_ARGUMENT' },
  ],
  [
    'a list of errors',
    '{"errors":[{"message":"first","code":"a"},{"message":"second"}]}',
    { message: 'first', code: 'a' },
  ],
  ['a message alone', '{"message":"m"}', { message: 'm' }],
  ['FastAPI: one detail', '{"detail":"Not Found"}', { message: 'Not Found' }],
  [
    'FastAPI: several details',
    '{"detail":[{"loc":["body","messages"],"msg":"Field required","type":"missing"}]}',
    { message: 'Field required', type: 'missing' },
  ],
  [
    'TGI',
    '{"error":"Input validation error","error_type":"validation"}',
    { message: 'Input validation error', type: 'validation' },
  ],
  [
    'JSON in a string',
    '{"error":{"message":"{\\"error\\":{\\"message\\":\\"inner\\",\\"code\\":\\"deep\\"}}","code":500}}',
    { message: 'inner', code: 'deep' },
  ],
  ['a whole body that is a JSON string', '"just words"', { message: 'just words' }],
  ['JSON glued to SSE', 'event: error\ndata: {"error":{"message":"glued"}}\n\n', { message: 'glued' }],
  ['data without a space', 'data:{"error":"glued"}', { message: 'glued' }],
  [
    'an HTML page',
    '<!DOCTYPE html>\n<html><head><title>502 Bad\n Gateway</title></head></html>',
    { message: '502 Bad Gateway' },
  ],
  ['an HTML page without a title', '<html><body>oops</body></html>', { message: 'a web page' }],
  ['plain text', '  Cannot POST /x  ', { message: 'Cannot POST /x' }],
  ['nothing', '', { message: '' }],
  ['blank text', ' \n ', { message: '' }],
  ['null', 'null', { message: 'null' }],
  ['an empty error', '{"error":{"message":"","code":"c"}}', { message: '', code: 'c' }],
])('reads %s', (_name, body, expected) => {
  expect(read(body)).toEqual(expected)
})

test('a long message is cut and white space is made plain', () => {
  const { message } = read(JSON.stringify({ error: `a\n\n b ${'x'.repeat(2_000)}` }))
  expect(message).toHaveLength(500)
  expect(message.startsWith('a b x')).toBe(true)
})

test('envelopes inside envelopes end somewhere', () => {
  let body = '"deep"'
  for (let depth = 0; depth < 50; depth += 1) body = `{"error":${body}}`
  expect(read(body).message.length).toBeLessThanOrEqual(500)
})

test('any JSON and any text give a bounded text', () => {
  fc.assert(
    fc.property(fc.oneof(fc.json(), fc.string({ unit: 'binary' })), (body) => {
      const { message } = read(body)
      expect(typeof message).toBe('string')
      expect(message.length).toBeLessThanOrEqual(500)
    }),
  )
})

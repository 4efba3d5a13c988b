import { expect, it } from 'vitest'
import { serviceOfKey } from '../src/index.js'

it.each([
  ['hf_abcdefghijklmnop', 'Hugging Face'],
  ['sk-or-v1-0123456789abcdef', 'OpenRouter'],
  ['sk-ant-api03-0123', 'Anthropic'],
  ['sk-proj-0123', 'OpenAI'],
  [`sk-${'a1'.repeat(20)}`, 'OpenAI or another service'],
  ['gsk_0123', 'Groq'],
  ['ghp_0123', 'GitHub'],
  ['github_pat_0123', 'GitHub'],
])('a key that begins like %s is one of %s', (key, service) => {
  expect(serviceOfKey(key)).toBe(service)
})

it.each(['', 'sk-short', 'a-gateway-key', 'HF_upper', 'xhf_abc'])('%j names nobody', (key) => {
  expect(serviceOfKey(key)).toBeUndefined()
})

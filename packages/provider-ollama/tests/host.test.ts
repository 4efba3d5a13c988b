import { isOpenMuxError } from '@openmux/core'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { ollama, parseOllamaAddress } from '../src/index.js'

const SPELLINGS: readonly (readonly [string, string])[] = [
  ['', 'http://127.0.0.1:11434'],
  ['   ', 'http://127.0.0.1:11434'],
  ['127.0.0.1', 'http://127.0.0.1:11434'],
  ['localhost:11435', 'http://localhost:11435'],
  [':8080', 'http://127.0.0.1:8080'],
  ['0.0.0.0', 'http://127.0.0.1:11434'],
  ['0.0.0.0:1234', 'http://127.0.0.1:1234'],
  ['http://0.0.0.0:1234', 'http://127.0.0.1:1234'],
  ['::', 'http://[::1]:11434'],
  ['[::]:1234', 'http://[::1]:1234'],
  ['::1', 'http://[::1]:11434'],
  ['[::1]', 'http://[::1]:11434'],
  ['[::1]:1234', 'http://[::1]:1234'],
  ['fe80::1', 'http://[fe80::1]:11434'],
  ['box', 'http://box:11434'],
  ['box.lan:80', 'http://box.lan'],
  ['http://box', 'http://box'],
  ['http://box:11434/', 'http://box:11434'],
  ['HTTP://Box:11434', 'http://box:11434'],
  ['https://box', 'https://box'],
  ['https://box:8443/ollama/', 'https://box:8443/ollama'],
  ['box:1234/models/ollama', 'http://box:1234/models/ollama'],
  ['http://localhost:11434/v1', 'http://localhost:11434'],
  ['http://localhost:11434/api/', 'http://localhost:11434'],
  ['ollama.com', 'https://ollama.com'],
  ['https://ollama.com', 'https://ollama.com'],
  ['"127.0.0.1:9"', 'http://127.0.0.1:9'],
  [" 'box:9' ", 'http://box:9'],
]

describe('the address of the server', () => {
  it.each(SPELLINGS)('takes %j for %s', (spelling, baseURL) => {
    expect(parseOllamaAddress(spelling).baseURL).toBe(baseURL)
  })

  it('is declared with its port', () => {
    expect(ollama({ environment: {} }).hosts).toEqual(['127.0.0.1:11434'])
    expect(ollama({ environment: { OLLAMA_HOST: 'http://box' } }).hosts).toEqual(['box:80'])
    expect(ollama({ environment: { OLLAMA_HOST: '::1' } }).hosts).toEqual(['[::1]:11434'])
  })

  it.each([
    ['ftp://box', 'scheme'],
    ['ws://box:1', 'scheme'],
    ['http://me:secret-word@box', 'user name or password'],
    ['box:99999', 'port'],
    ['box:0', 'port'],
    ['box:port', 'port'],
    ['box:', 'port'],
    ['box:11434?x=1', 'query'],
    ['http://box/#a', 'fragment'],
    ['my box', 'blank'],
    ['http://[::1', 'no host and port'],
    ['http://a]b', 'no host and port'],
    ['1:2:3:zz', 'no host and port'],
  ])('refuses %j and says what is wrong, not what it says', (value, problem) => {
    try {
      parseOllamaAddress(value)
      expect.unreachable()
    } catch (error) {
      if (!isOpenMuxError(error)) throw error
      expect(error).toMatchObject({ code: 'bad-config', field: 'OLLAMA_HOST', provider: 'ollama' })
      expect(error.message).toContain(problem)
      expect(JSON.stringify(error)).not.toContain('secret-word')
    }
  })

  it('names the option when the option is wrong', () => {
    expect(() => ollama({ baseURL: 'ftp://x', environment: {} })).toThrow(
      expect.objectContaining({ code: 'bad-config', field: 'baseURL' }),
    )
    expect(() => ollama({ environment: { OLLAMA_HOST: 'box:x' } })).toThrow(
      expect.objectContaining({ field: 'OLLAMA_HOST' }),
    )
  })

  it('gives a usable address or a typed error for any text', () => {
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.webUrl(), fc.ipV4(), fc.ipV6(), fc.domain()), (text) => {
        try {
          const { baseURL, host } = parseOllamaAddress(text)
          expect(['http:', 'https:']).toContain(new URL(baseURL).protocol)
          expect(baseURL.endsWith('/')).toBe(false)
          expect(host).toMatch(/:\d+$/)
          // What comes out means itself.
          expect(parseOllamaAddress(baseURL).baseURL).toBe(baseURL)
        } catch (error) {
          if (!isOpenMuxError(error)) throw error
          expect(error.code).toBe('bad-config')
        }
      }),
      { numRuns: 2_000 },
    )
  })

  it('takes every IP address and port', () => {
    fc.assert(
      fc.property(fc.ipV6(), fc.integer({ min: 1, max: 65_535 }), (ip, port) => {
        expect(new URL(parseOllamaAddress(`[${ip}]:${port}`).baseURL).hostname.startsWith('[')).toBe(true)
      }),
    )
  })
})

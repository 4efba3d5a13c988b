import { readFileSync } from 'node:fs'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { ERROR_CODES, type ErrorCode, isOpenMuxError, OpenMuxError, redact } from '../src/index.js'

const CODES = Object.keys(ERROR_CODES) as ErrorCode[]

describe('the registry of codes', () => {
  it('and docs/errors.md list the same codes with the same meaning, fault, next step, scope and hint', () => {
    const page = readFileSync(new URL('../../../docs/errors.md', import.meta.url), 'utf8')
    const documented = page
      .split('\n')
      .filter((line) => /^\| `[a-z-]+` /.test(line) && line.split('|').length === 9)
      .map((line) => {
        const [code, meaning, fault, next, scope, waiting, hint] = line
          .slice(1, -1)
          .split('|')
          .map((cell) => cell.trim())
        return { code: code?.replaceAll('`', ''), meaning, fault, next, scope, waiting, hint }
      })
    const registered = CODES.map((code) => {
      const { meaning, fault, next, scope, waitingHelps, hint } = ERROR_CODES[code]
      return { code, meaning, fault, next, scope, waiting: waitingHelps ? 'yes' : 'no', hint }
    })
    expect(documented).toEqual(registered)
  })

  it('gives every error its defaults, which the error itself may know better', () => {
    for (const code of CODES) {
      const error = new OpenMuxError({ code, message: 'x' })
      const { fault, next, scope, hint } = ERROR_CODES[code]
      expect(error).toMatchObject({ code, fault, next, scope, hint, name: 'OpenMuxError' })
      expect(error.until).toBe(ERROR_CODES[code].waitingHelps ? undefined : 'never')
    }
    expect(new OpenMuxError({ code: 'network', message: 'x', scope: 'machine' }).scope).toBe('machine')
  })
})

describe('an error', () => {
  it('is known by its mark, also when another copy of the package made it', async () => {
    const copy: typeof import('../src/index.js') = await import(
      /* @vite-ignore */ new URL('../dist/index.js', import.meta.url).href
    )
    const foreign = new copy.OpenMuxError({ code: 'auth', message: 'x' })
    expect(foreign instanceof OpenMuxError).toBe(false)
    expect(isOpenMuxError(foreign)).toBe(true)
    for (const other of [new Error('x'), null, 'auth', { code: 'auth' }])
      expect(isOpenMuxError(other)).toBe(false)
  })

  it('turns into plain data without stack and cause', () => {
    const error = new OpenMuxError({
      code: 'timeout',
      phase: 'idle',
      message: 'x',
      cause: new Error('secret thing'),
    })
    const data = JSON.parse(JSON.stringify(error)) as Record<string, unknown>
    expect(data).toMatchObject({ code: 'timeout', phase: 'idle', message: 'x' })
    expect(data).not.toHaveProperty('stack')
    expect(data).not.toHaveProperty('cause')
  })
})

describe('redaction', () => {
  it('keeps a named key out of every part of an error', () => {
    // With a digit: a key that is a plain word, like `property`, stands in the frames of a stack for another reason.
    const key = fc.stringMatching(/^[A-Za-z0-9_-]{8,40}$/).filter((text) => /\d/.test(text))
    fc.assert(
      fc.property(key, fc.string(), fc.string(), (secret, before, after) => {
        const text = `${before} ${secret} ${after}`
        const error = new OpenMuxError({
          code: 'auth',
          message: text,
          hint: text,
          remedies: [text],
          upstream: { body: text, status: 401, code: text, requestId: text },
          cause: new Error(text),
          secrets: [secret],
        })
        const everything = [
          JSON.stringify(error),
          error.stack,
          String(error),
          String(error.cause),
          (error.cause as Error).stack,
        ]
        for (const part of everything) expect(part).not.toContain(secret)
      }),
    )
  })

  for (const secret of [
    'sk-or-v1-0123456789abcdef0123456789abcdef',
    'hf_abcdefghijklmnopqrstuvwxyz',
    'gsk_abcdefghijklmnop',
    'Bearer abcdefghijklmnop',
    'api_key=abcdefghijklmnop',
    '"apiKey": "abcdefghijklmnop"',
    'https://user:abcdefghijklmnop@host/path',
  ]) {
    it(`knows the shape of ${secret.slice(0, 9)}…`, () => {
      const clean = redact(`before ${secret} after`)
      expect(clean).not.toContain('abcdefghijklmnop')
      expect(clean).not.toContain('0123456789abcdef')
      expect(clean).toMatch(/^before .*after$/)
    })
  }

  it('keeps nothing of a foreign object as a cause', () => {
    const error = new OpenMuxError({ code: 'auth', message: 'x', cause: { headers: { key: 'secret-1234' } } })
    expect(JSON.stringify(error.cause)).not.toContain('secret-1234')
  })

  it('leaves ordinary words alone', () => {
    const prose =
      'The token limit was reached; ask for a key at the desk, sk- is a prefix. Bearers of bad news.'
    expect(redact(prose)).toBe(prose)
  })

  it('does not cut an upstream body in the middle of a key', () => {
    const secret = 'k'.repeat(30)
    const body = `${'x'.repeat(1_990)}${secret}`
    const error = new OpenMuxError({ code: 'auth', message: 'x', upstream: { body }, secrets: [secret] })
    expect(error.upstream?.body).not.toContain('kkkk')
  })
})

import { ERROR_CODES } from '@openmux/core'
import { CORPUS_MODEL, CORPUS_NOW, OPENROUTER_ERRORS } from '@openmux/testkit/openrouter'
import { describe, expect, it } from 'vitest'
import { openrouter } from '../src/index.js'
import { callContext, clockAt, hello, KEY, outcomeOf } from './support/context.js'

/** A provider whose upstream answers every request so. */
function answering(
  status: number,
  headers: Readonly<Record<string, string>>,
  body: string,
): ReturnType<typeof openrouter> {
  const fetch = (input: string | URL | Request): Promise<Response> => {
    const isList = String(input instanceof Request ? input.url : input).endsWith('/models')
    return Promise.resolve(isList ? Response.json({ data: [] }) : new Response(body, { status, headers }))
  }
  return openrouter({ apiKey: KEY, environment: {}, fetch })
}

describe('every error answer that is kept', () => {
  it.each(OPENROUTER_ERRORS.map((entry) => [entry.name, entry] as const))('%s', async (_name, entry) => {
    const { status, headers = {}, body, model = CORPUS_MODEL, expected } = entry
    const text = (typeof body === 'string' ? body : JSON.stringify(body)).replaceAll('{key}', KEY)
    const provider = answering(status, { 'content-type': 'application/json', ...headers }, text)
    const context = callContext({ clock: clockAt(CORPUS_NOW) })
    const { error } = await outcomeOf(provider.chat(hello({ model }), context))
    const { code, scope, until } = error ?? {}
    expect({ code, scope, until }).toEqual({
      code: expected.code,
      scope: expected.scope,
      until: expected.until ?? (ERROR_CODES[expected.code].waitingHelps ? undefined : 'never'),
    })
    expect(error).toMatchObject({ provider: 'openrouter', model, upstream: { status } })
    if (expected.shows !== undefined) expect(error?.message).toContain(expected.shows)
    if (expected.hints !== undefined) expect(error?.hint).toContain(expected.hints)
    expect(error?.hint).not.toBe('')
    expect(`${JSON.stringify(error)}${error?.stack}`).not.toContain('canary4711')
    await provider.close()
  })

  it('names its source and how sure it is, once', () => {
    for (const { source, mark } of OPENROUTER_ERRORS) {
      expect(source.trim()).not.toBe('')
      expect(['verified', 'captured', 'uncertain']).toContain(mark)
    }
    expect(new Set(OPENROUTER_ERRORS.map(({ name }) => name)).size).toBe(OPENROUTER_ERRORS.length)
    expect(OPENROUTER_ERRORS.length).toBeGreaterThanOrEqual(45)
  })
})

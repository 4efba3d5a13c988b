import { describe, expect, it } from 'vitest'
import { createOpenMux, OpenMuxError, type Provider } from '../src/index.js'
import { failureOf } from './support/failure.js'
import { hangForEver, scripted, START, text } from './support/scripted-provider.js'

const disabled = {
  stage: 'disabled',
  since: '2025-11-10',
  reason: 'the service answers 410',
  replacement: '@openmux/provider-hf-local',
} as const

describe('a disabled provider', () => {
  it('is skipped with its reason and replacement, without being asked anything', async () => {
    let asked = 0
    const gone = scripted('gone', {
      lifecycle: disabled,
      readiness: async () => {
        asked += 1
        return { ready: true }
      },
    })
    const error = await failureOf(createOpenMux({ providers: [gone] }).chat('Hi'))
    expect(error).toMatchObject({
      code: 'provider-disabled',
      hint: 'Use @openmux/provider-hf-local instead.',
    })
    expect(error.message).toContain('the service answers 410')
    const [report] = await createOpenMux({ providers: [gone] }).providers()
    expect(report).toMatchObject({ enabled: false, readiness: { ready: false } })
    expect(report?.readiness).toMatchObject({ reason: 'disabled since 2025-11-10: the service answers 410' })
    const { models, failures } = await createOpenMux({ providers: [gone] }).models()
    expect(models).toEqual([])
    expect(failures).toMatchObject([{ provider: 'gone', error: { code: 'provider-disabled' } }])
    expect(asked).toBe(0)
  })

  it('answers when the user forces it on', async () => {
    const openmux = createOpenMux({
      providers: [scripted('gone', { lifecycle: disabled })],
      forceEnabled: ['gone'],
    })
    expect((await openmux.chat('Hi')).provider).toBe('gone')
  })
})

describe('a lifecycle notice', () => {
  it('is a warning of the first answer only', async () => {
    const old = scripted('old', {
      lifecycle: { stage: 'deprecated', since: '2026-01-01', notice: 'Goes away in spring.' },
    })
    const openmux = createOpenMux({ providers: [old] })
    expect((await openmux.chat('Hi')).warnings).toEqual([{ kind: 'notice', message: 'Goes away in spring.' }])
    expect((await openmux.chat('Hi')).warnings).toEqual([])
  })
})

describe('close', () => {
  it('ends what is under way, closes every provider, and can be called twice', async () => {
    const provider = scripted('only', { answers: [[START, text('a'), hangForEver]] })
    const openmux = createOpenMux({ providers: [provider] })
    const waiting = failureOf(openmux.chat('Hi'))
    await new Promise((resolve) => setImmediate(resolve))
    await openmux.close()
    await openmux.close()
    expect((await waiting).code).toBe('aborted')
    expect(provider.closed).toBe(true)
    expect((await failureOf(openmux.chat('Hi'))).code).toBe('aborted')
    expect((await failureOf(openmux.models())).code).toBe('aborted')
  })

  it('happens at the end of an `await using` block', async () => {
    const provider = scripted('only')
    {
      await using openmux = createOpenMux({ providers: [provider] })
      await openmux.chat('Hi')
    }
    expect(provider.closed).toBe(true)
  })
})

describe('the set-up', () => {
  it('refuses what is no provider, two of one id, and no list at all, by name', () => {
    const make = (providers: unknown) => () => createOpenMux({ providers: providers as Provider[] })
    expect(make([() => undefined])).toThrow(
      expect.objectContaining({ code: 'bad-config', field: 'providers[0]' }),
    )
    expect(make([undefined])).toThrow(expect.objectContaining({ code: 'bad-config', field: 'providers[0]' }))
    expect(make([scripted('a'), scripted('a')])).toThrow(
      expect.objectContaining({ code: 'bad-config', field: 'providers[1].id' }),
    )
    expect(() => createOpenMux(undefined as never)).toThrow(
      expect.objectContaining({ code: 'bad-config', field: 'providers' }),
    )
    expect(make(scripted('a'))).toThrow(expect.objectContaining({ code: 'bad-config', field: 'providers' }))
  })

  it('without providers says so when asked', async () => {
    expect(await failureOf(createOpenMux({ providers: [] }).chat('Hi'))).toMatchObject({
      code: 'no-candidate',
      message: 'There is no provider.',
      hint: 'Give OpenMux at least one provider.',
    })
  })
})

describe('listings', () => {
  it('show every model with its provider, and who could not be asked', async () => {
    const openmux = createOpenMux({
      providers: [
        scripted('a'),
        scripted('b', { cards: new OpenMuxError({ code: 'network', message: 'down' }) as unknown as Error }),
      ],
    })
    const { models, failures } = await openmux.models()
    expect(models).toMatchObject([{ provider: 'a', id: 'model-1' }])
    expect(failures).toMatchObject([{ provider: 'b', error: { code: 'network' } }])
  })

  it('of providers never fail because one of them does', async () => {
    const openmux = createOpenMux({
      providers: [scripted('a'), scripted('b', { readiness: async () => Promise.reject(new Error('boom')) })],
    })
    const reports = await openmux.providers()
    expect(reports.map(({ id, readiness }) => [id, readiness.ready])).toEqual([
      ['a', true],
      ['b', false],
    ])
  })
})

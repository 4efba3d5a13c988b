import { describe, expect, it } from 'vitest'
import { isOpenMuxError } from '../src/index.js'
import { checkOptionNames } from '../src/names/index.js'

const KNOWN = { apiKey: true, baseURL: true } as const

function failure(options: unknown): unknown {
  try {
    checkOptionNames('maker', options, KNOWN)
    return undefined
  } catch (error) {
    return error
  }
}

describe('the options of a maker', () => {
  it.each([{}, { apiKey: 'a' }, { apiKey: undefined, other: undefined }])('may be %j', (options) => {
    expect(failure(options)).toBeUndefined()
  })

  it.each([['sk-or-v1-a-key-in-place-of-options'], [null], [undefined], [5], [['a']], [() => ({})]])(
    'are an object: %j is refused, and not shown',
    (options) => {
      const error = failure(options)
      expect(error).toMatchObject({ code: 'bad-config', field: 'options' })
      expect(isOpenMuxError(error) && error.message).toMatch(/^maker\(\) takes an object of options, not /)
      expect(JSON.stringify(error)).not.toContain('sk-or')
    },
  )

  it('are told by name when misspelt, with the nearest one', () => {
    expect(failure({ baseUrl: 'x' })).toMatchObject({
      code: 'bad-config',
      field: 'baseUrl',
      message: 'maker() has no option "baseUrl".',
      hint: 'Did you mean baseURL?',
    })
    expect(failure({ somethingElse: 1 })).toMatchObject({ hint: 'There are: apiKey, baseURL.' })
    // What every object inherits is no option.
    expect(failure({ toString: 1 })).toMatchObject({ field: 'toString' })
  })
})

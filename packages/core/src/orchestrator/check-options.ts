import type { Provider } from '../contract/provider.js'
import { OpenMuxError } from '../errors/openmux-error.js'
import { checkNumber, checkSwitch, isFields } from './input-faults.js'
import type { OpenMuxOptions } from './openmux.js'

/** Throws `bad-config` naming the field of a set-up that is wrong. */
export function checkOptions(options: OpenMuxOptions): void {
  checkProviders(isFields(options) ? options.providers : undefined)
  checkSwitch('lastResort', options.lastResort, 'bad-config')
  const { maxAttempts, classifierDeadlineMs, timeouts = {}, concurrency = {} } = options
  const isCount = (value: number): boolean => Number.isInteger(value) && value > 0
  const isSpan = (value: number): boolean => value >= 0
  checkNumber('maxAttempts', maxAttempts, isCount, 'a whole number above 0', 'bad-config')
  const ms = 'a number of milliseconds'
  checkNumber('classifierDeadlineMs', classifierDeadlineMs, isSpan, ms, 'bad-config')
  for (const [name, value] of Object.entries(timeouts))
    checkNumber(`timeouts.${name}`, value, isSpan, `${ms}, 0 for no limit`, 'bad-config')
  for (const [id, value] of Object.entries(concurrency))
    checkNumber(`concurrency.${id}`, value, isSpan, 'a number of requests, 0 for no limit', 'bad-config')
}

function checkProviders(providers: readonly Provider[] | undefined): void {
  if (providers === undefined || !Array.isArray(providers)) {
    throw new OpenMuxError({
      code: 'bad-config',
      field: 'providers',
      message: 'providers must be an array of providers.',
      hint: 'For example: createOpenMux({ providers: [provider()] }).',
    })
  }
  const ids = new Set<string>()
  for (const [index, provider] of providers.entries()) {
    const contract: unknown = provider?.contract
    if (contract !== 1) {
      throw new OpenMuxError({
        code: 'bad-config',
        field: `providers[${index}]`,
        message: `providers[${index}] is not a provider of contract 1.`,
        hint: 'Call the factory (provider(), not provider), and use versions of core and provider that belong together.',
      })
    }
    if (ids.has(provider.id)) {
      throw new OpenMuxError({
        code: 'bad-config',
        field: `providers[${index}].id`,
        message: `Two providers have the id "${provider.id}".`,
        hint: 'Give one of them an id of its own.',
      })
    }
    ids.add(provider.id)
  }
}

import type { Provider } from '@openmux/core'
import { type ContractCase, check, skipped } from '../cases.js'
import type { ContractOptions } from '../options.js'
import { demand, show } from '../violation.js'
import { demandWarningOrRefusal } from './common.js'

/** Equal seeds, equal text. */
export function seedCases(declared: Provider, options: ContractOptions): readonly ContractCase[] {
  if (declared.chat === undefined) return [skipped('seed', 'the provider has no `chat`')]
  if (!declared.supports.seed) {
    return [
      check('a seed is not declared: one asked for gives a warning or `unsupported`', async (trial) => {
        await demandWarningOrRefusal(trial, { seed: 7 }, 'seed')
      }),
    ]
  }
  return [
    check('equal seeds give equal text', async (trial) => {
      const wish = { seed: 7, temperature: 1, maxTokens: 24 }
      const [first, second] = [await trial.ask(wish), await trial.ask(wish)]
      demand(
        first.text === second.text,
        () => `the same seed gave ${show(first.text)} and then ${show(second.text)}`,
      )
      const ignored = first.warnings.some((warning) => warning.option === 'seed')
      demand(!ignored, '`seed` is declared in `supports`, yet a warning says it was not used')
    }),
    options.upstream === undefined
      ? skipped('the seed reaches the back end', 'no `upstream` was given to look at')
      : check('the seed reaches the back end', async (trial) => {
          const seen = options.upstream?.requests().length ?? 0
          await trial.ask({ seed: 470_811 })
          const sent = options.upstream
            ?.requests()
            .slice(seen)
            .some((request) => request.body.includes('470811'))
          demand(sent === true, 'the seed never reached the upstream')
        }),
  ]
}

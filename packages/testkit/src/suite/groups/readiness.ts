import { isOpenMuxError, type Provider } from '@openmux/core'
import { type ContractCase, check, inScenario } from '../cases.js'
import type { ContractOptions } from '../options.js'
import { within } from '../patience.js'
import type { Trial } from '../trial.js'
import { ContractViolation, demand, show } from '../violation.js'
import { demandNoLeftovers } from './common.js'

/** `ready()`: could it answer now, and if not, why and what to do. */
export function readinessCases(_declared: Provider, options: ContractOptions): readonly ContractCase[] {
  return [
    check('is ready when the back end is there', async (trial) => {
      const readiness = await ready(trial)
      demand(readiness.ready, () => `ready() says no: ${show(readiness)}`)
      const { detail } = readiness
      demand(
        detail === undefined || (detail.trim() !== '' && !detail.includes('\n')),
        () => `\`detail\` must be one short line, it is ${show(detail)}`,
      )
    }),
    check('leaves nothing on the signal or the clock', async (trial) => {
      const watched = trial.watch()
      await within(trial.patienceMs, 'ready()', trial.provider.ready(watched.context))
      await demandNoLeftovers(watched, 'ready()')
    }),
    check('with an aborted signal it fails with `aborted` or answers all the same', async (trial) => {
      const watched = trial.watch()
      watched.controller.abort()
      const outcome = await within(
        trial.patienceMs,
        'ready()',
        settled(trial.provider.ready(watched.context)),
      )
      if (outcome.ok)
        demand(typeof outcome.value.ready === 'boolean', () => `ready() gave ${show(outcome.value)}`)
      else {
        const { error } = outcome
        demand(
          isOpenMuxError(error) && error.code === 'aborted',
          () => `ready() may throw nothing but \`aborted\`, it threw ${show(error)}`,
        )
      }
    }),
    inScenario(
      options,
      'serverDown',
      'says why not and what to do when the back end is not there',
      async (trial) => {
        const readiness = await ready(trial)
        demand(!readiness.ready, 'ready() says yes, but nothing is there')
        demand(readiness.reason.trim() !== '', '`reason` must say why it is not ready')
        demand(readiness.remedies.length > 0, '`remedies` must say what a person can do, the simplest first')
        demand(
          readiness.remedies.every((remedy) => remedy.trim() !== ''),
          () => `a remedy is empty: ${show(readiness.remedies)}`,
        )
        for (const secret of trial.options.secrets ?? []) {
          demand(!JSON.stringify(readiness).includes(secret), 'the readiness shows a key')
        }
      },
    ),
  ]
}

async function ready(trial: Trial): ReturnType<Provider['ready']> {
  const outcome = await within(
    trial.patienceMs,
    'ready()',
    settled(trial.provider.ready(trial.watch().context)),
  )
  if (outcome.ok) return outcome.value
  throw new ContractViolation(`ready() must never throw, it threw ${show(outcome.error)}`)
}

type Outcome<T> = { ok: true; value: T } | { ok: false; error: unknown }

async function settled<T>(work: PromiseLike<T>): Promise<Outcome<T>> {
  try {
    return { ok: true, value: await work }
  } catch (error) {
    return { ok: false, error }
  }
}

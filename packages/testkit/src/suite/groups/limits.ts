import type { ErrorCode, LimitReport, LimitRule, OpenMuxError, Provider } from '@openmux/core'
import { type ContractCase, check, inScenario, skipped, told } from '../cases.js'
import type { ContractOptions } from '../options.js'
import { within } from '../patience.js'
import { demand, show } from '../violation.js'
import { failures } from './common.js'

/** How long the limit of the double lasts, s; what a server tells has a grain of one. */
const SECONDS = 7
const GRAIN_MS = 1_500

/** Limits and money: typed, with the moment they end, obeyed, and told beforehand where that is declared. */
export function limitsCases(declared: Provider, options: ContractOptions): readonly ContractCase[] {
  return [
    told(
      options.scenarios?.rateLimitedFor,
      'rateLimitedFor',
      { seconds: SECONDS },
      'a limit that tells when it ends is kept as `until`',
      async (trial, state) => {
        for (const error of await failures(trial, state)) {
          demandCode(error, ['rate-limit', 'quota'], 'a limit')
          const now = (trial.options.context?.clock?.now ?? Date.now)()
          const wait = typeof error.until === 'number' ? error.until - now : error.until
          demand(
            typeof wait === 'number' && Math.abs(wait - SECONDS * 1_000) <= GRAIN_MS,
            () =>
              `the upstream says to come back in ${SECONDS} s; \`until\` must be that moment, the wait it tells is ${show(wait)}`,
          )
        }
      },
    ),
    options.upstream === undefined
      ? skipped('a request that met a limit is not repeated', 'no `upstream` was given to look at')
      : inScenario(
          options,
          'rateLimited',
          'a request that met a limit is not repeated',
          async (trial, state) => {
            const before = trial.options.upstream?.requests().length ?? 0
            await failures(trial, state)
            const asked = (trial.options.upstream?.requests() ?? [])
              .slice(before)
              .filter(({ method }) => method === 'POST')
              .map(({ path, body }) => `${path} ${body}`)
            const [twice] = asked.find((one, index) => asked.indexOf(one) !== index)?.split(' ') ?? []
            demand(
              twice === undefined,
              () => `${twice} was asked again after a limit: when to repeat is the orchestrator's decision`,
            )
          },
        ),
    inScenario(
      options,
      'noCredits',
      'an account without money is `credits`, and another target may answer',
      async (trial, state) => {
        for (const error of await failures(trial, state)) {
          demandCode(error, ['credits'], 'an account without money')
          demand(
            error.next === 'elsewhere',
            `without money here another target may still answer: \`next\` must be \`elsewhere\`, not \`${error.next}\``,
          )
        }
      },
    ),
    declared.limits === undefined
      ? skipped('declares allowances that can be counted', 'the provider has no `limits`')
      : check('declares allowances that can be counted', async (trial) => {
          const cards = await within(
            trial.patienceMs,
            'models()',
            trial.provider.models(trial.watch().context),
          )
          for (const { id } of cards) {
            const rules = trial.provider.limits?.(id) ?? []
            const [fault] = rules.flatMap(ruleFaults)
            demand(fault === undefined, () => `limits(${show(id)}): ${fault ?? ''}`)
            const ids = rules.map((rule) => rule.id)
            demand(new Set(ids).size === ids.length, () => `limits(${show(id)}) has two rules of one id`)
          }
        }),
    declared.quota === undefined
      ? skipped('tells what is left of its allowances', 'the provider has no `quota`')
      : check('tells what is left of its allowances', async (trial) => {
          const asked = trial.provider.quota?.(trial.watch().context) ?? Promise.resolve([])
          const reports = await within(trial.patienceMs, 'quota()', asked)
          demand(
            Array.isArray(reports),
            () => `quota() must give a list of reports, it gave ${show(reports)}`,
          )
          const [fault] = reports.flatMap(reportFaults)
          demand(fault === undefined, () => `quota(): ${fault ?? ''}`)
        }),
    declared.quota === undefined
      ? skipped('says so when it cannot ask what is left', 'the provider has no `quota`')
      : inScenario(options, 'serverDown', 'says so when it cannot ask what is left', async (trial) => {
          const asked = trial.provider.quota?.(trial.watch().context) ?? Promise.resolve([])
          const error = await trial.failure('quota() of a server that is not there', asked)
          demandCode(error, ['network', 'needs-setup', 'timeout'], 'a server that is not there')
        }),
  ]
}

function demandCode(error: OpenMuxError, codes: readonly ErrorCode[], what: string): void {
  demand(
    codes.includes(error.code),
    () =>
      `${what} must be ${codes.map((code) => `\`${code}\``).join(' or ')}, it was \`${error.code}\`: ${error.message}`,
  )
}

function ruleFaults({ id, scope, unit, amount, window, source }: LimitRule): readonly string[] {
  return [
    ...(id.trim() === '' ? ['a rule has no id'] : []),
    ...(['key', 'account', 'model', 'endpoint', 'provider'].includes(scope)
      ? []
      : [`unknown scope ${show(scope)}`]),
    ...(unit === 'requests' || unit === 'tokens' ? [] : [`unknown unit ${show(unit)}`]),
    ...(Number.isFinite(amount) && amount >= 0 ? [] : [`\`amount\` must be a count, it is ${show(amount)}`]),
    ...(window.kind === 'rolling' && !(window.ms > 0) ? [`a rolling window of ${show(window.ms)} ms`] : []),
    ...(source.trim() === '' ? ['a rule names no `source`'] : []),
  ]
}

function reportFaults({ unit, limit, remaining, until, source }: LimitReport): readonly string[] {
  const counts = [limit, remaining].filter((count) => count !== undefined)
  return [
    ...(['requests', 'tokens', 'usd'].includes(unit) ? [] : [`unknown unit ${show(unit)}`]),
    // What is left of money may be below nothing.
    ...(counts.every((count) => Number.isFinite(count) && (count >= 0 || unit === 'usd'))
      ? []
      : [`${show(counts)} must be counts`]),
    ...(until === undefined || Number.isFinite(until)
      ? []
      : [`\`until\` must be a moment, it is ${show(until)}`]),
    ...(source.trim() === '' ? ['a report names no `source`'] : []),
  ]
}

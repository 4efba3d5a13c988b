import { EVIDENCE_LIMIT, PROBE_VERDICTS, type ProbeCheck, type Provider } from '@openmux/core'
import { type ContractCase, check, inScenario, skipped } from '../cases.js'
import type { ContractOptions } from '../options.js'
import { within } from '../patience.js'
import type { Trial } from '../trial.js'
import { demand, show } from '../violation.js'
import { demandNoLeftovers } from './common.js'

/** `probe()`: what the upstream is, against what the package believes; costs nothing and never throws. */
export function probeCases(declared: Provider, options: ContractOptions): readonly ContractCase[] {
  if (declared.probe === undefined) return [skipped('probe', 'the provider has no `probe`')]
  return [
    check('compares every endpoint without generating anything', async (trial) => {
      const checks = await probed(trial)
      demand(checks.length > 0, 'probe() checked nothing')
      for (const one of checks) {
        demand(!one.spent, () => `${one.id} generated something, though \`spend\` was false`)
        const [fault] = checkFaults(one)
        demand(fault === undefined, () => `the check ${show(one.id)}: ${fault ?? ''}`)
      }
    }),
    check('checks the same endpoints in the same order every time', async (trial) => {
      const ids = async (): Promise<readonly string[]> => (await probed(trial)).map(({ id }) => id)
      const first = await ids()
      demand(new Set(first).size === first.length, () => `a check stands twice in ${show(first)}`)
      demand(JSON.stringify(first) === JSON.stringify(await ids()), 'two probes checked different endpoints')
    }),
    check('shows no key', async (trial) => {
      const printed = JSON.stringify(await probed(trial))
      // The secret itself is left out: test reports are public.
      demand(
        !(trial.options.secrets ?? []).some((secret) => printed.includes(secret)),
        'the report of probe() shows a key',
      )
    }),
    inScenario(options, 'serverDown', 'finds a back end that is not there unreachable', async (trial) => {
      const verdicts = (await probed(trial)).map(({ verdict }) => verdict)
      // Nothing is asked where asking costs something: a scaled-down endpoint would start.
      demand(
        verdicts.every((verdict) => verdict === 'unreachable' || verdict === 'not-checked'),
        () => `nothing listens there, yet the verdicts are ${show([...new Set(verdicts)])}`,
      )
    }),
    check('leaves nothing on the signal or the clock', async (trial) => {
      const watched = trial.watch()
      await probed(trial, watched.context)
      await demandNoLeftovers(watched, 'probe()')
    }),
  ]
}

function probed(trial: Trial, context = trial.watch().context): Promise<readonly ProbeCheck[]> {
  const asked = trial.provider.probe?.({ spend: false }, context) ?? Promise.resolve([])
  return within(trial.patienceMs, 'probe()', asked)
}

function checkFaults({
  id,
  endpoint,
  purpose,
  verdict,
  evidence,
  durationMs,
}: ProbeCheck): readonly string[] {
  return [
    ...(id.trim() === '' || /\s/.test(id) ? [`\`id\` must be one word, it is ${show(id)}`] : []),
    ...(endpoint.trim() === '' ? ['`endpoint` is empty'] : []),
    ...(purpose.trim() === '' ? ['`purpose` is empty'] : []),
    ...(PROBE_VERDICTS.includes(verdict) ? [] : [`unknown verdict ${show(verdict)}`]),
    ...(evidence.trim() === '' ? ['a verdict needs its `evidence`'] : []),
    ...(evidence.length > EVIDENCE_LIMIT ? [`\`evidence\` has ${evidence.length} characters`] : []),
    ...(Number.isFinite(durationMs) && durationMs >= 0 ? [] : [`\`durationMs\` is ${show(durationMs)}`]),
  ]
}

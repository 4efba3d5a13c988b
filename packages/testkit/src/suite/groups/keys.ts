import type { Provider } from '@openmux/core'
import { http, HttpResponse } from 'msw'
import { serveHandlers } from '../../server/serve-handlers.js'
import { type ContractCase, check, skipped } from '../cases.js'
import type { ContractOptions } from '../options.js'
import { within } from '../patience.js'
import { demand, show } from '../violation.js'
import { failures } from './common.js'

/** A key goes to the hosts that are declared, in headers, and nowhere else. That no error shows it, every group checks. */
export function keysCases(_declared: Provider, options: ContractOptions): readonly ContractCase[] {
  return [redirectCase(options), addressCase(options)]
}

function redirectCase(options: ContractOptions): ContractCase {
  const name = 'a redirect to another host is told and not followed'
  const redirects = options.scenarios?.redirects
  if (typeof redirects !== 'function')
    return skipped(name, redirects?.cannotOccur ?? 'no scenario `redirects` was given')
  return check(name, async (trial) => {
    const elsewhere = await serveHandlers([http.all('*', () => HttpResponse.json({}))])
    try {
      const state = await trial.arrange(() =>
        redirects({ location: `${elsewhere.url}/v1/elsewhere?from=us` }),
      )
      for (const error of await failures(trial, state)) {
        demand(
          error.code === 'endpoint-moved',
          () =>
            `a redirect to another host must be \`endpoint-moved\`, it was \`${error.code}\`: ${error.message}`,
        )
      }
      const followed = (trial.options.upstream?.requests() ?? []).some(({ host }) => host === elsewhere.host)
      demand(
        elsewhere.requests().length === 0 && !followed,
        'the redirect was followed: what belongs to the declared hosts, the key first of all, went to another one',
      )
    } finally {
      await elsewhere.close()
    }
  })
}

function addressCase(options: ContractOptions): ContractCase {
  const name = 'a key stands in no address and in no body, and goes to declared hosts alone'
  const { upstream, secrets = [] } = options
  if (upstream === undefined) return skipped(name, 'no `upstream` was given to look at')
  if (secrets.length === 0) return skipped(name, 'no `secrets` were given')
  return check(name, async (trial) => {
    const seen = upstream.requests().length
    const { provider } = trial
    await within(trial.patienceMs, 'ready()', provider.ready(trial.watch().context))
    await within(trial.patienceMs, 'models()', provider.models(trial.watch().context))
    if (provider.chat !== undefined) await trial.ask()
    if (provider.embed !== undefined) await trial.embed()
    for (const { host, path, body, headers } of upstream.requests().slice(seen)) {
      const holds = (text: string): boolean =>
        secrets.some((secret) => text.includes(secret) || text.includes(encodeURIComponent(secret)))
      demand(!holds(path), () => `a key stands in an address of ${host}: addresses are logged everywhere`)
      demand(!holds(body), () => `a key stands in a body sent to ${host}`)
      const carried = Object.values(headers).some(holds)
      demand(
        !carried || provider.hosts.includes(host),
        () => `a key was sent to ${host}, \`hosts\` lists only ${show(provider.hosts)}`,
      )
    }
  })
}

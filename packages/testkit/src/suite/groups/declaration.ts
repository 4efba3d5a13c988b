import { type Capabilities, type Capability, type Provider, TASKS } from '@openmux/core'
import { type ContractCase, check, skipped } from '../cases.js'
import type { ContractOptions } from '../options.js'
import { settle, within } from '../patience.js'
import { demand, show } from '../violation.js'

const CAPABILITIES: Readonly<Record<Capability, true>> = {
  streaming: true,
  tools: true,
  json: true,
  jsonSchema: true,
  vision: true,
  reasoning: true,
  seed: true,
  prefill: true,
  logprobs: true,
}

/** What a provider says about itself, before it does anything. */
export function declarationCases(declared: Provider, options: ContractOptions): readonly ContractCase[] {
  return [
    check('is written for version 1 of the contract', async ({ provider }) => {
      demand(provider.contract === 1, () => `\`contract\` must be 1, it is ${show(provider.contract)}`)
    }),
    check('has an id and a name', async ({ provider }) => {
      const { id, name } = provider
      demand(
        /^[a-z0-9]+(?:-[a-z0-9]+)*$/.test(id),
        () => `\`id\` must be lower case words joined by "-", it is ${show(id)}`,
      )
      demand(
        typeof name === 'string' && name.trim() !== '',
        () => `\`name\` must be a name for people, it is ${show(name)}`,
      )
      const aliases = provider.aliases ?? []
      demand(
        aliases.every((alias) => alias.trim() !== ''),
        () => `an alias is empty: ${show(aliases)}`,
      )
    }),
    check('says where prompts go', async ({ provider }) => {
      const { locality, hosts } = provider
      demand(
        locality === 'local' || locality === 'remote',
        () => `\`locality\` must be local or remote, it is ${show(locality)}`,
      )
      for (const host of hosts) {
        demand(
          /^(?:\[[0-9a-f:.]+\]|[^\s:/@[\]]+):\d{1,5}$/i.test(host),
          () => `\`hosts\` holds host:port, not ${show(host)}`,
        )
      }
      demand(
        locality === 'local' || hosts.length > 0,
        'a remote provider must list its `hosts`: keys go nowhere else',
      )
    }),
    check('declares tasks that it has members for', async ({ provider }) => {
      const { tasks } = provider
      demand(tasks.length > 0, '`tasks` is empty: the orchestrator would never ask this provider')
      demand(
        tasks.every((task) => TASKS.includes(task)),
        () => `\`tasks\` holds an unknown task: ${show(tasks)}`,
      )
      demand(new Set(tasks).size === tasks.length, () => `\`tasks\` lists a task twice: ${show(tasks)}`)
      const chats = tasks.includes('chat') || tasks.includes('code')
      demand(
        chats === (provider.chat !== undefined),
        'the member `chat` must be there exactly when `tasks` holds chat or code',
      )
      demand(
        tasks.includes('embeddings') === (provider.embed !== undefined),
        'the member `embed` must be there exactly when `tasks` holds embeddings',
      )
    }),
    check('declares every capability as true or false', async ({ provider }) => {
      const supports: Capabilities = provider.supports
      for (const name of Object.keys(CAPABILITIES) as Capability[]) {
        demand(
          typeof supports[name] === 'boolean',
          () => `\`supports.${name}\` must be true or false, it is ${show(supports[name])}`,
        )
      }
      for (const name of Object.keys(supports)) {
        demand(Object.hasOwn(CAPABILITIES, name), () => `\`supports\` has the unknown member ${show(name)}`)
      }
      if (provider.chat === undefined) {
        const claimed = Object.entries(supports)
          .filter(([, can]) => can)
          .map(([name]) => name)
        demand(claimed.length === 0, () => `a provider without \`chat\` cannot support ${claimed.join(', ')}`)
      }
    }),
    // What it declares stands in the name, for tables made from test reports.
    check(`declares the same every time: ${inWords(declared)}`, async (trial) => {
      const again = await trial.options.create()
      await again.close()
      const told = ({ id, name, locality, tasks, supports, lifecycle }: Provider): string =>
        JSON.stringify({ id, name, locality, tasks, supports, lifecycle })
      demand(told(again) === told(declared), 'two providers of the same factory declare different things')
    }),
    hostsCase(options),
    options.upstream === undefined
      ? skipped('sends nothing when it is made', 'no `upstream` was given to look at')
      : check('sends nothing when it is made', async (trial) => {
          const before = trial.options.upstream?.requests().length ?? 0
          const fresh = await trial.options.create()
          await settle()
          const sent = (trial.options.upstream?.requests() ?? []).slice(before)
          await fresh.close()
          demand(
            sent.length === 0,
            () =>
              `making a provider must do no I/O, it sent ${sent.map((r) => `${r.method} ${r.path}`).join(', ')}`,
          )
        }),
  ]
}

/** `chat, code; streaming, tools`; `nothing` where a list is empty. */
function inWords({ tasks, supports }: Provider): string {
  const can = (Object.keys(CAPABILITIES) as Capability[]).filter((name) => supports[name])
  return [tasks, can].map((names) => names.join(', ') || 'nothing').join('; ')
}

function hostsCase(options: ContractOptions): ContractCase {
  const name = 'sends only to the hosts it declares'
  const { upstream } = options
  if (upstream === undefined) return skipped(name, 'no `upstream` was given to look at')
  return check(name, async (trial) => {
    const seen = upstream.requests().length
    await within(trial.patienceMs, 'models()', trial.provider.models(trial.watch().context))
    await (trial.provider.chat === undefined ? trial.embed() : trial.ask())
    for (const { host } of upstream.requests().slice(seen)) {
      const { hosts } = trial.provider
      demand(hosts.includes(host), () => `something was sent to ${host}, \`hosts\` lists only ${show(hosts)}`)
    }
  })
}

import { type ModelCard, type ModelChoice, type ModelNeed, type Provider, TASKS } from '@openmux/core'
import { type ContractCase, check, inScenario } from '../cases.js'
import type { ContractOptions } from '../options.js'
import { within } from '../patience.js'
import { spaceFaults } from '../space-faults.js'
import type { Trial } from '../trial.js'
import { demand, show } from '../violation.js'
import { demandNoLeftovers } from './common.js'

const STATES: readonly string[] = ['loaded', 'installed', 'downloadable', 'hosted']

/** `models()` and `recommend()`. */
export function modelsCases(declared: Provider, options: ContractOptions): readonly ContractCase[] {
  const cases = [
    check('lists at least one model for each task it declares', async (trial) => {
      const cards = await listed(trial)
      for (const task of trial.provider.tasks) {
        // Coding is done by chat models.
        const served = cards.some(
          (card) => card.tasks.includes(task) || (task === 'code' && card.tasks.includes('chat')),
        )
        demand(served, `models() lists no model for the declared task ${task}`)
      }
    }),
    check('lists valid cards', async (trial) => {
      const cards = await listed(trial)
      for (const card of cards) {
        const [fault] = cardFaults(card, trial.provider)
        demand(fault === undefined, () => `the card of ${show(card.id)}: ${fault ?? ''}`)
      }
      const ids = cards.map((card) => card.id)
      const twice = ids.find((id, index) => ids.indexOf(id) !== index)
      demand(twice === undefined, () => `models() lists ${show(twice)} twice`)
    }),
    check('lists the same models when asked again', async (trial) => {
      const ids = async (): Promise<string> =>
        JSON.stringify((await listed(trial)).map((card) => card.id).toSorted())
      demand((await ids()) === (await ids()), 'models() gave two different lists, though nothing changed')
    }),
    check('leaves nothing on the signal or the clock', async (trial) => {
      const watched = trial.watch()
      await within(trial.patienceMs, 'models()', trial.provider.models(watched.context))
      await demandNoLeftovers(watched, 'models()')
    }),
    inScenario(
      options,
      'serverDown',
      'a back end that cannot be asked is an error, never an empty list',
      async (trial) => {
        const listing = listed(trial)
        try {
          // What is installed in this process can be listed without asking anybody.
          demand(
            (await listing).length > 0,
            'models() says there are none, though it could not ask: throw `network`',
          )
        } catch (error) {
          const typed = await trial.failure('models()', Promise.reject(error))
          demand(
            ['network', 'needs-setup', 'unavailable'].includes(typed.code),
            `models() of a back end that is not there must fail with \`network\` (or \`needs-setup\`), not \`${typed.code}\``,
          )
        }
      },
    ),
  ]
  if (declared.recommend === undefined) return cases
  return [
    ...cases,
    ...TASKS.map((task) =>
      check(`recommends models that fit ${task}, best first, with the reason`, (trial) =>
        recommends(trial, task),
      ),
    ),
    check('recommends nothing that cannot do what is needed', recommendsAble),
  ]
}

async function recommends(trial: Trial, task: (typeof TASKS)[number]): Promise<void> {
  const { tasks } = trial.provider
  const choices = await recommended(trial, { task, capabilities: [] })
  // Coding is done by chat models, so a provider may recommend one for it without declaring the task.
  const mayServe = tasks.includes(task) || (task === 'code' && tasks.includes('chat'))
  demand(
    mayServe || choices.length === 0,
    `recommend() names a model for ${task}, a task that is not declared`,
  )
  demand(
    !tasks.includes(task) || choices.length > 0,
    `recommend() names no model for the declared task ${task}`,
  )
  for (const { model, reason } of choices) {
    demand(reason.trim() !== '', () => `the choice of ${show(model.id)} has no reason`)
    const fits = model.tasks.includes(task) || (task === 'code' && model.tasks.includes('chat'))
    demand(fits, () => `recommend() takes ${show(model.id)} for ${task}, its tasks are ${show(model.tasks)}`)
  }
}

/** A model whose card denies what is needed must not be taken. */
async function recommendsAble(trial: Trial): Promise<void> {
  for (const capability of ['vision', 'tools', 'reasoning'] as const) {
    for (const { model } of await recommended(trial, { task: 'chat', capabilities: [capability] })) {
      const denied = model.supports?.[capability] === false || !trial.provider.supports[capability]
      demand(!denied, `recommend() takes ${show(model.id)} where ${capability} is needed, which it cannot do`)
    }
  }
}

function recommended(trial: Trial, need: ModelNeed): Promise<readonly ModelChoice[]> {
  const asked = trial.provider.recommend?.(need, trial.watch().context) ?? Promise.resolve([])
  return within(trial.patienceMs, 'recommend()', asked)
}

function listed(trial: Trial): Promise<readonly ModelCard[]> {
  return within(trial.patienceMs, 'models()', trial.provider.models(trial.watch().context))
}

function cardFaults(card: ModelCard, provider: Provider): string[] {
  const faults: string[] = []
  if (typeof card.id !== 'string' || card.id.trim() === '') faults.push('`id` is empty')
  if (card.name === '') faults.push('`name` is empty: leave it out')
  if (card.tasks.length === 0) faults.push('`tasks` is empty')
  for (const task of card.tasks) {
    const known = provider.tasks.includes(task) || (task === 'code' && provider.tasks.includes('chat'))
    if (!known) faults.push(`has the task ${show(task)} that the provider does not declare`)
  }
  if (!STATES.includes(card.state)) faults.push(`unknown state ${show(card.state)}`)
  if (typeof card.free !== 'boolean') faults.push('`free` must be true or false')
  if (provider.locality === 'local' && provider.hosts.length === 0 && !card.free)
    faults.push('a model in this process is free')
  const counts = {
    contextTokens: card.contextTokens,
    maxOutputTokens: card.maxOutputTokens,
    sizeBytes: card.sizeBytes,
    parameters: card.parameters,
  }
  for (const [name, count] of Object.entries(counts)) {
    if (count !== undefined && !(Number.isInteger(count) && count > 0)) {
      faults.push(`\`${name}\` must be a whole number above 0 or absent, it is ${show(count)}`)
    }
  }
  for (const [name, price] of Object.entries(card.price ?? {})) {
    if (!Number.isFinite(price) || price < 0)
      faults.push(`\`price.${name}\` must be a price, it is ${show(price)}`)
  }
  for (const [name, can] of Object.entries(card.supports ?? {})) {
    const declared = Object.entries(provider.supports).find(([known]) => known === name)
    if (can && declared?.[1] !== true)
      faults.push(`claims ${name}, which the provider's own \`supports\` denies: a card only narrows`)
  }
  if (card.space !== undefined) {
    if (!card.tasks.includes('embeddings')) faults.push('has a `space` but not the task embeddings')
    faults.push(...spaceFaults(card.space))
  }
  return faults
}

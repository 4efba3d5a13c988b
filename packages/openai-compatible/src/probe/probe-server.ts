import type { CallContext, ProbeCheck, ProbeOptions } from '@openmux/core'
import {
  answerOf,
  failureFinding,
  notChecked,
  probeCheck,
  type ProbeFinding,
  spendChecks,
  type TriedProvider,
} from '@openmux/core/probe'
import { foundChanged, foundGone, foundSound, probeRequest } from '@openmux/http'
import type { Engine } from '../provider/engine.js'
import { modelsPath } from '../provider/list-models.js'
import { readModelCards } from '../provider/model-card.js'
import { errorIn } from '../response/in-band-error.js'

/**
 * Whether a server of this format still lists its models, and those that were named. Chat and embeddings are only
 * tried with `spend`: some servers answer whatever is sent to them, whether the model exists or not.
 */
export async function probeServer(
  engine: Engine,
  provider: TriedProvider,
  { spend }: ProbeOptions,
  context: CallContext,
): Promise<readonly ProbeCheck[]> {
  const { settings, client } = engine
  const path = modelsPath(engine)
  const models = {
    id: 'models',
    endpoint: `GET ${client.baseURL}${path ?? ''}`,
    purpose: 'the list of models',
  }
  const named = { ...models, id: 'models.named', purpose: 'the models that are named in the options' }
  let listed: readonly string[] | undefined
  const list =
    path === null
      ? notChecked(models, 'the service has no list')
      : await probeCheck(models, context, (call) =>
          probeRequest(
            {
              client,
              hasKey: settings.apiKey !== undefined,
              call: { path },
              isInBandError: (value) => errorIn(value) !== undefined,
              answered: (value, status) => {
                const cards = settings.hooks.readModels?.(value) ?? readModelCards(value, settings)
                listed = cards.map(({ id }) => id)
                return listFinding(listed, status)
              },
              // Servers without a list exist; then the user names the models.
              refused: (error) =>
                settings.models !== undefined && error.code === 'not-found'
                  ? { ...answerOf(error), verdict: 'not-checked' }
                  : failureFinding(error),
            },
            call,
          ),
        )
  const asked =
    settings.models === undefined
      ? []
      : [
          listed === undefined || listed.length === 0
            ? notChecked(named, 'there is no list to look them up in')
            : await namedCheck(
                named,
                settings.models.map(({ id }) => id),
                listed,
                context,
              ),
        ]
  const { chatPath = '/chat/completions', embedPath = '/embeddings' } = settings.hooks
  const at = (given: string | ((model: string) => string)): string =>
    `POST ${client.baseURL}${typeof given === 'string' ? given : given('{model}')}`
  const endpoints = { chat: at(chatPath), embeddings: at(embedPath) }
  const obstacle = settings.requiresKey && settings.apiKey === undefined ? 'no key is set' : undefined
  return [list, ...asked, ...(await spendChecks(provider, { spend, obstacle, endpoints }, context))]
}

/** By the reader that the provider itself uses. */
function listFinding(listed: readonly string[], status: number): ProbeFinding {
  return listed.length === 0
    ? foundChanged('no model that chats or embeds can be read in the answer', status)
    : foundSound(`${listed.length} ${listed.length === 1 ? 'model' : 'models'}`, status)
}

function namedCheck(
  question: Parameters<typeof notChecked>[0],
  names: readonly string[],
  listed: readonly string[],
  context: CallContext,
): Promise<ProbeCheck> {
  // Some lists put a folder before the name: models/gemini-….
  const isListed = (name: string): boolean => listed.some((id) => id === name || id.endsWith(`/${name}`))
  const missing = names.filter((name) => !isListed(name))
  return probeCheck(question, context, async () =>
    missing.length === 0
      ? foundSound(`all ${names.length} are listed`, 200)
      : foundGone(`not listed any more: ${missing.join(', ')}`, 200),
  )
}

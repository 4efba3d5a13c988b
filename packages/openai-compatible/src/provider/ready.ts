import { type CallContext, isOpenMuxError, type OpenMuxError, type Readiness } from '@openmux/core'
import { type Engine, keyRemedy } from './engine.js'
import { getList, modelsPath } from './list-models.js'
import { readModelCards } from './model-card.js'

/** Whether the server could answer now, by its list of models, which costs nothing. */
export async function ready(engine: Engine, context: CallContext): Promise<Readiness> {
  const { settings } = engine
  if (settings.requiresKey && settings.apiKey === undefined) {
    return no(`${settings.name} needs a key, and none is set.`, [keyRemedy(settings)])
  }
  const path = modelsPath(engine)
  if (path === null)
    return { ready: true, detail: `${count(settings.models?.length ?? 0)}; the service has no list to check` }
  try {
    const answer = await getList(engine, path, context)
    const cards = settings.models ?? settings.hooks.readModels?.(answer) ?? readModelCards(answer, settings)
    if (cards.length > 0) return { ready: true, detail: `${settings.name}, ${count(cards.length)}` }
    return no(`${settings.name} answers, but lists no model that can be used.`, noModel(engine))
  } catch (error) {
    if (!isOpenMuxError(error) || error.code === 'aborted') throw error
    return explain(engine, error)
  }
}

function explain({ settings, client }: Engine, error: OpenMuxError): Readiness {
  const { name, start } = settings
  switch (error.code) {
    case 'network':
    case 'timeout':
      // A proxy on the way: the address of the service is not what is wrong.
      if (error.field !== undefined) return no(error.message, [error.hint])
      return no(`No server answers at ${client.host}: ${error.message}`, [
        ...(start === undefined ? [] : [`Start it: ${start}`]),
        error.hint,
        'If it runs elsewhere, correct the option baseURL.',
      ])
    case 'auth':
      return no(
        settings.apiKey === undefined
          ? `${name} wants a key, and none is set.`
          : `${name} does not take the key: ${error.message}`,
        [keyRemedy(settings)],
      )
    case 'not-found':
      // Servers without a list exist; then the user has to say what there is.
      if (settings.models !== undefined)
        return { ready: true, detail: `${count(settings.models.length)} named, the server has no list` }
      return no(`${client.host} answers, but has no list of models at ${client.baseURL}/models.`, [
        ...(/\/v\d/.test(client.baseURL)
          ? []
          : [`Set baseURL to ${client.baseURL}/v1, if the address lacks it.`]),
        'If the server has no such list, name its models in the option models.',
      ])
    case 'bad-response':
    case 'endpoint-moved':
    case 'endpoint-gone':
      return no(
        `Something answers at ${client.host}, but not as a server of the OpenAI format: ${error.message}`,
        [error.hint, 'Correct the option baseURL; it usually ends in /v1.'],
      )
    default:
      return no(error.message, [error.hint])
  }
}

function noModel({ settings }: Engine): readonly string[] {
  return [
    settings.locality === 'local'
      ? 'Load or download a model in the server.'
      : 'Name the models to use in the option models.',
  ]
}

function count(models: number): string {
  return `${models} ${models === 1 ? 'model' : 'models'}`
}

function no(reason: string, remedies: readonly string[]): Readiness {
  return { ready: false, reason, remedies }
}

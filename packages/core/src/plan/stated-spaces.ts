import type { EmbedResponse } from '../contract/embed-request.js'
import type { EmbeddingSpace } from '../contract/embedding-space.js'
import type { ModelCard } from '../contract/model-card.js'
import type { Provider } from '../contract/provider.js'
import { OpenMuxError } from '../errors/openmux-error.js'
import type { SpaceStatement } from './space-statement.js'
import { namesProvider, nearestNames } from './spelling.js'

/**
 * The user's word that several models make vectors of one space, for what no back end can know: that a hosted model,
 * its conversion in the process and its copy in a local server hold the same weights. Cards and results of these
 * models then carry `space`, and embeddings fail over among them. A model whose back end tells another length,
 * pooling or normalisation keeps its own space: what is contradicted does not count.
 */
export interface StatedSpace {
  readonly space: EmbeddingSpace
  /** As `provider/model`: the provider by any spelling, the model by its whole id (case and `:latest` aside). */
  readonly models: readonly string[]
}

/**
 * For `createOpenMux({ spaces: stateSpaces([…]) })`. An entry that is wrong makes that throw `bad-config` with the
 * entry as `field`.
 */
export function stateSpaces(stated: readonly StatedSpace[]): SpaceStatement {
  return (providers) => {
    const spaces = readStatedSpaces(providers, stated)
    return {
      providers: providers.map((provider) => {
        const ofModels = spaces.get(provider.id)
        return ofModels === undefined ? provider : speakingOf(provider, ofModels)
      }),
      spaceOf: (providerId, model) => spaces.get(providerId)?.get(wholeId(model)),
    }
  }
}

/** Spaces by provider id and by the whole id of the model. */
type Spaces = ReadonlyMap<string, ReadonlyMap<string, EmbeddingSpace>>

function readStatedSpaces(providers: readonly Provider[], stated: readonly StatedSpace[]): Spaces {
  if (!Array.isArray(stated)) throw bad('spaces', 'spaces must be an array of { space, models }.')
  const spaces = new Map<string, Map<string, EmbeddingSpace>>()
  for (const [place, entry] of stated.entries()) {
    const { space, models } = checkEntry(`spaces[${place}]`, entry)
    for (const [index, name] of models.entries()) {
      const field = `spaces[${place}].models[${index}]`
      const { provider, model } = readName(field, name, providers)
      const ofProvider = spaces.get(provider) ?? new Map<string, EmbeddingSpace>()
      if (ofProvider.has(model)) throw bad(field, `${name} is named twice; it has one space only.`)
      spaces.set(provider, ofProvider.set(model, space))
    }
  }
  return spaces
}

function checkEntry(field: string, entry: unknown): StatedSpace {
  const { space, models } = objectOf(entry)
  if (!Array.isArray(models) || models.length === 0)
    throw bad(`${field}.models`, `${field}.models must be an array of models.`)
  const { model, revision, dimensions, pooling, normalized } = objectOf(space)
  const isSpace =
    typeof model === 'string' &&
    model !== '' &&
    (revision === undefined || typeof revision === 'string') &&
    Number.isInteger(dimensions) &&
    Number(dimensions) > 0 &&
    (POOLINGS as readonly unknown[]).includes(pooling) &&
    typeof normalized === 'boolean'
  if (!isSpace) throw bad(`${field}.space`, `${field}.space is not the whole identity of a space.`)
  return entry as StatedSpace
}

const POOLINGS: readonly EmbeddingSpace['pooling'][] = ['mean', 'cls', 'last-token', 'unknown']

function readName(
  field: string,
  name: unknown,
  providers: readonly Provider[],
): { readonly provider: string; readonly model: string } {
  const slash = typeof name === 'string' ? name.indexOf('/') : -1
  if (typeof name !== 'string' || slash < 1 || slash === name.length - 1)
    throw bad(field, `${field} must be a text like "provider/model".`)
  const spelling = name.slice(0, slash)
  const owner = providers.find((provider) => namesProvider(spelling, provider))
  if (owner !== undefined) return { provider: owner.id, model: wholeId(name.slice(slash + 1)) }
  const ids = providers.map(({ id }) => id)
  const near = nearestNames(spelling, ids)
  throw new OpenMuxError({
    code: 'bad-config',
    field,
    message: `No provider is called "${spelling}".`,
    hint: near.length > 0 ? `Did you mean ${near.join(' or ')}?` : `There are: ${ids.join(', ')}.`,
  })
}

/** No looser: a space that is claimed for the wrong model would mix vectors silently. */
function wholeId(model: string): string {
  return model.toLowerCase().replace(/:latest$/, '')
}

/** The provider, with stated spaces on its cards and answers. All else goes to it as it is. */
function speakingOf(provider: Provider, spaces: ReadonlyMap<string, EmbeddingSpace>): Provider {
  const spaceOf = (model: string, own: EmbeddingSpace | undefined): EmbeddingSpace | undefined => {
    const stated = spaces.get(wholeId(model))
    return stated === undefined || contradicts(own, stated) ? own : stated
  }
  const onCard = (card: ModelCard): ModelCard => {
    const space = card.tasks.includes('embeddings') ? spaceOf(card.id, card.space) : card.space
    return space === undefined ? card : { ...card, space }
  }
  const { recommend, embed } = provider
  const spoken: Partial<Provider> = {
    models: async (context) => (await provider.models(context)).map(onCard),
    ...(recommend !== undefined && {
      recommend: async (need, context) =>
        (await recommend.call(provider, need, context)).map((choice) => ({
          ...choice,
          model: onCard(choice.model),
        })),
    }),
    ...(embed !== undefined && {
      embed: async (request, context): Promise<EmbedResponse> => {
        const answer = await embed.call(provider, request, context)
        const model = spaces.has(wholeId(answer.model)) ? answer.model : request.model
        return { ...answer, space: spaceOf(model, answer.space) ?? answer.space }
      },
    }),
  }
  // Not a copy: a provider may be of a class, and may have members that this version does not know.
  return new Proxy({} as Provider, {
    has: (_empty, key) => key in provider,
    get(_empty, key) {
      const value: unknown = Reflect.get(key in spoken ? spoken : provider, key)
      return typeof value === 'function' && !(key in spoken) ? value.bind(provider) : value
    },
  })
}

/** Whether a back end tells something of its vectors that the statement denies. */
function contradicts(own: EmbeddingSpace | undefined, stated: EmbeddingSpace): boolean {
  if (own === undefined) return false
  const poolings = [own.pooling, stated.pooling]
  return (
    own.dimensions !== stated.dimensions ||
    own.normalized !== stated.normalized ||
    (own.pooling !== stated.pooling && !poolings.includes('unknown'))
  )
}

function objectOf(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null ? (value as Readonly<Record<string, unknown>>) : {}
}

function bad(field: string, message: string): OpenMuxError {
  return new OpenMuxError({
    code: 'bad-config',
    field,
    message,
    hint: "For example: spaces: stateSpaces([{ space: { model: 'all-minilm-l6-v2', dimensions: 384, pooling: 'mean', normalized: true }, models: ['provider/model', 'other/model'] }]).",
  })
}

import { OpenMuxError } from '@openmux/core'
import { type BrokenProvider, changeEmbed } from './breaking.js'

/** Faults beside the chat: embeddings, readiness, models, declaration, lifecycle, close. */
export const BROKEN_MEMBERS: readonly BrokenProvider[] = [
  {
    fault: 'lies about its dimensions',
    caughtBy: 'embeddings',
    says: /the space says/,
    breakIt: changeEmbed(async (embed, request, context) => {
      const response = await embed(request, context)
      return { ...response, vectors: response.vectors.map((vector) => vector.slice(1)) }
    }),
  },
  {
    fault: 'mixes up the order of vectors',
    caughtBy: 'embeddings',
    says: /keep the order|did not get its own vector/,
    breakIt: changeEmbed(async (embed, request, context) => {
      const response = await embed({ ...request, inputs: request.inputs.toSorted() }, context)
      return response
    }),
  },
  {
    fault: 'names another space each time',
    caughtBy: 'embeddings',
    says: /name two spaces/,
    breakIt: changeEmbed(async (embed, request, context) => {
      const response = await embed(request, context)
      return { ...response, space: { ...response.space, revision: String(Math.random()) } }
    }),
  },
  {
    fault: 'says normalized and is not',
    caughtBy: 'embeddings',
    says: /a vector has length/,
    breakIt: changeEmbed(async (embed, request, context) => {
      const response = await embed(request, context)
      return { ...response, vectors: response.vectors.map((vector) => vector.map((number) => number * 2)) }
    }),
  },
  {
    fault: 'throws from ready()',
    caughtBy: 'readiness',
    says: /ready\(\) must never throw/,
    breakIt: (provider) => ({
      ...provider,
      ready: async (context) => {
        const readiness = await provider.ready(context)
        if (!readiness.ready)
          throw new OpenMuxError({ code: 'network', message: readiness.reason, provider: provider.id })
        return readiness
      },
    }),
  },
  {
    fault: 'knows no remedy',
    caughtBy: 'readiness',
    says: /`remedies` must say/,
    breakIt: (provider) => ({
      ...provider,
      ready: async (context) => {
        const readiness = await provider.ready(context)
        return readiness.ready ? readiness : { ...readiness, remedies: [] }
      },
    }),
  },
  {
    fault: 'claims an embedding task without the member',
    caughtBy: 'declaration',
    says: /member `embed` must be there/,
    breakIt: ({ embed: _gone, ...provider }) => provider,
  },
  {
    fault: 'has a card that claims more than the provider',
    caughtBy: 'models',
    says: /a card only narrows/,
    breakIt: (provider) => ({
      ...provider,
      models: async (context) =>
        (await provider.models(context)).map((card) => ({ ...card, supports: { logprobs: true } })),
    }),
  },
  {
    fault: 'takes a failed listing for no models',
    caughtBy: 'models',
    says: /says there are none/,
    breakIt: (provider) => ({
      ...provider,
      models: (context) =>
        provider.models(context).catch((error: OpenMuxError) => {
          if (error.code === 'network') return []
          throw error
        }),
    }),
  },
  {
    fault: 'recommends what does not fit',
    caughtBy: 'models',
    says: /recommend\(\) takes 'scripted-embed' for chat/,
    breakIt: (provider) => ({
      ...provider,
      recommend: async (_need, context) =>
        (await provider.models(context)).toReversed().map((model) => ({ model, reason: 'the last one' })),
    }),
  },
  {
    fault: 'is deprecated without a reason',
    caughtBy: 'lifecycle',
    says: /`lifecycle.reason` must say why/,
    breakIt: (provider) => ({ ...provider, lifecycle: { stage: 'deprecated', since: '2026-01-01' } }),
  },
  {
    fault: 'fails the second close',
    caughtBy: 'close',
    says: /closed already/,
    breakIt: (provider) => {
      let closed = false
      return {
        ...provider,
        close: async () => {
          if (closed) throw new Error('closed already')
          closed = true
          await provider.close()
        },
      }
    },
  },
  {
    fault: 'goes on after close',
    caughtBy: 'close',
    says: /must fail, but it gave|did not happen within/,
    breakIt: (provider) => ({ ...provider, close: async () => undefined }),
  },
]

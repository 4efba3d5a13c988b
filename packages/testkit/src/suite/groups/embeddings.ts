import { embeddingSpaceId, type EmbedResponse, type Provider } from '@openmux/core'
import { type ContractCase, check, inScenario, skipped } from '../cases.js'
import { usageFaults } from '../answer-faults.js'
import type { ContractOptions } from '../options.js'
import { within } from '../patience.js'
import { spaceFaults } from '../space-faults.js'
import type { Trial } from '../trial.js'
import { closestTo, length } from '../vectors.js'
import { demand, show } from '../violation.js'
import { demandNoLeftovers } from './common.js'

const TEXTS = [
  'The sea is wide and deep.',
  'A cat sleeps on the sofa.',
  'def add(a, b): return a + b',
  '世界 🌊 Grüße',
] as const

/** Vectors, their order and the space they live in. */
export function embeddingsCases(declared: Provider, options: ContractOptions): readonly ContractCase[] {
  if (declared.embed === undefined) return [skipped('embeddings', 'the provider has no `embed`')]
  return [
    check('gives one vector a text, all of the length it says', async (trial) => {
      demandSound(await trial.embed({ inputs: TEXTS }), TEXTS.length)
    }),
    check('keeps the order of the texts', async (trial) => {
      const forward = await trial.embed({ inputs: TEXTS })
      const backward = await trial.embed({ inputs: TEXTS.toReversed() })
      for (const [index, vector] of forward.vectors.entries()) {
        const mirrored = TEXTS.length - 1 - index
        const closest = closestTo(vector, backward.vectors)
        demand(
          closest === mirrored,
          `the vector of text ${index} came back at place ${closest} instead of ${mirrored}: keep the order`,
        )
      }
    }),
    check('keeps the order of 100 texts, however they are sent', async (trial) => {
      const inputs = Array.from(
        { length: 100 },
        (_unused, index) => `${TEXTS[index % TEXTS.length]} Number ${index * 7919}.`,
      )
      const all = await trial.embed({ inputs })
      demandSound(all, inputs.length)
      for (const index of [0, 49, 99]) {
        const alone = await trial.embed({ inputs: [inputs[index] ?? ''] })
        const [vector = []] = alone.vectors
        demand(closestTo(vector, all.vectors) === index, `text ${index} of 100 did not get its own vector`)
      }
    }),
    check('names a complete space, the same every time', async (trial) => {
      const [first, second] = [await trial.embed(), await trial.embed({ inputs: ['something else'] })]
      const [fault] = spaceFaults(first.space)
      demand(fault === undefined, fault ?? '')
      const ids = [first, second].map(({ space }) => embeddingSpaceId(space))
      demand(ids[0] === ids[1], () => `two calls to one model name two spaces: ${ids.join(' and ')}`)
      const { normalized } = first.space
      for (const vector of first.vectors) {
        const norm = length(vector)
        demand(
          !normalized || Math.abs(norm - 1) < 0.001,
          `the space says normalized, yet a vector has length ${norm.toFixed(4)}`,
        )
      }
    }),
    check('names the same space as the model card', async (trial) => {
      const { model } = await trial.embedRequest()
      const cards = await within(trial.patienceMs, 'models()', trial.provider.models(trial.watch().context))
      const told = cards.find((card) => card.id === model)?.space
      const { space } = await trial.embed()
      const same = told === undefined || embeddingSpaceId(told) === embeddingSpaceId(space)
      demand(same, () => `the card says ${show(told)}, the answer ${show(space)}`)
    }),
    check('refuses an empty list with `bad-request`', async (trial) => {
      const error = await trial.failure('embed() without texts', trial.embed({ inputs: [] }))
      demand(error.code === 'bad-request', `the code must be \`bad-request\`, it was \`${error.code}\``)
      demand(error.field !== undefined, 'a `bad-request` must name its `field`: inputs')
    }),
    check('gives an empty text a vector, or refuses it', async (trial) => {
      const request = await trial.embedRequest({ inputs: ['before', '', 'after'] })
      try {
        demandSound(await trial.embed(request), 3)
      } catch (error) {
        const typed = await trial.failure('embed() of an empty text', Promise.reject(error), request.model)
        demand(
          typed.code === 'bad-request',
          `an empty text is \`bad-request\` or has a vector, it was \`${typed.code}\``,
        )
      }
    }),
    check('refuses an unknown model by its name', async (trial) => {
      const model = trial.options.unknownModel ?? 'openmux-no-such-model'
      const error = await trial.failure('embed() with an unknown model', trial.embed({ model }), model)
      const fits = error.code === 'model-not-found' || error.code === 'model-not-served'
      demand(fits, `an unknown model must fail with \`model-not-found\`, not \`${error.code}\``)
    }),
    options.chatModel === undefined || options.chatModel === options.embedModel
      ? skipped('refuses a chat model with `unsupported`', 'no `chatModel` beside the `embedModel` was named')
      : check('refuses a chat model with `unsupported`', async (trial) => {
          const model = options.chatModel ?? ''
          const error = await trial.failure('embed() with a chat model', trial.embed({ model }), model)
          demand(
            error.code === 'unsupported',
            `a chat model never stands in for an embedding model: \`unsupported\`, not \`${error.code}\``,
          )
        }),
    declared.chat === undefined ||
    options.embedModel === undefined ||
    options.chatModel === options.embedModel
      ? skipped(
          'an embedding model refuses to chat with `unsupported`',
          'no `embedModel` beside the `chatModel` was named',
        )
      : check('an embedding model refuses to chat with `unsupported`', async (trial) => {
          const model = options.embedModel ?? ''
          const { error } = await trial.failedChat(await trial.chatRequest({ model }))
          demand(
            error.code === 'unsupported',
            `an embedding model cannot chat: \`unsupported\`, not \`${error.code}\``,
          )
        }),
    check('shortens vectors when asked to, or refuses with `unsupported`', async (trial) => {
      const whole = (await trial.embed()).space.dimensions
      const dimensions = Math.max(1, Math.floor(whole / 2))
      const request = await trial.embedRequest({ dimensions })
      try {
        const short = await trial.embed(request)
        demandSound(short, 2)
        demand(
          short.space.dimensions === dimensions,
          `${dimensions} dimensions were asked for, ${short.space.dimensions} came`,
        )
      } catch (error) {
        const typed = await trial.failure('embed() with dimensions', Promise.reject(error), request.model)
        demand(
          typed.code === 'unsupported',
          `vectors that cannot be shortened are \`unsupported\`, not \`${typed.code}\``,
        )
      }
    }),
    inScenario(options, 'tooFewVectors', 'fewer vectors than texts are `bad-response`', async (trial) => {
      const { model } = await trial.embedRequest()
      const error = await trial.failure('embed()', trial.embed({ inputs: TEXTS }), model)
      demand(error.code === 'bad-response', `the code must be \`bad-response\`, it was \`${error.code}\``)
    }),
    inScenario(options, 'serverDown', 'a server that is not there is `network`', async (trial) => {
      const model = trial.options.embedModel ?? 'openmux-any-model'
      const error = await trial.failure('embed()', trial.embed({ model }), model)
      demand(
        ['network', 'needs-setup'].includes(error.code),
        `the code must be \`network\`, it was \`${error.code}\``,
      )
    }),
    check('leaves nothing on the signal or the clock', async (trial: Trial) => {
      const watched = trial.watch()
      await trial.embed({}, watched)
      await demandNoLeftovers(watched, 'embed()')
    }),
  ]
}

function demandSound(response: EmbedResponse, count: number): void {
  const { vectors, space, model, usage } = response
  demand(vectors.length === count, `${count} texts gave ${vectors.length} vectors`)
  for (const vector of vectors) {
    demand(
      vector.length === space.dimensions,
      `a vector has ${vector.length} numbers, the space says ${space.dimensions}`,
    )
    demand(
      vector.every((number) => Number.isFinite(number)),
      'a vector holds something that is no finite number',
    )
    demand(length(vector) > 0, 'a vector is all zeros')
  }
  demand(typeof model === 'string' && model !== '', '`model` must name the model that served')
  const [fault] = usage === undefined ? [] : usageFaults(usage)
  demand(fault === undefined, fault ?? '')
}

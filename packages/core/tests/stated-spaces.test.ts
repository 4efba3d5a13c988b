import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type StatedSpace, stateSpaces } from '../src/embeddings/index.js'
import { createOpenMux, type EmbeddingSpace, OpenMuxError, type SpaceStatement } from '../src/index.js'
import { failureOf } from './support/failure.js'
import { card, scripted, type ScriptedProvider } from './support/scripted-provider.js'

const space: EmbeddingSpace = { model: 'minilm', dimensions: 2, pooling: 'mean', normalized: true }
const hosted: EmbeddingSpace = { ...space, model: 'all-minilm-l6-v2' }
const installed: EmbeddingSpace = { ...space, model: 'all-minilm', revision: 'sha256:4711' }
const down = new OpenMuxError({ code: 'network', message: 'down', scope: 'endpoint' })
const spaces = stateSpaces([{ space, models: ['Far/org/all-MiniLM-L6-v2', 'near/all-minilm'] }])

const far = (own: EmbeddingSpace | undefined, changes = {}): ScriptedProvider =>
  scripted('far', {
    cards: [card('org/all-MiniLM-L6-v2', { tasks: ['embeddings'], ...(own && { space: own }) })],
    vectors: [down],
    ...changes,
  })
const near = (own: EmbeddingSpace = installed): ScriptedProvider =>
  scripted('near', {
    cards: [card('all-minilm:latest', { tasks: ['embeddings'], space: own }), card('chatty')],
    vectors: [{ vectors: [[0, 1]], space: own, model: 'all-minilm:latest' }],
  })

describe('a space that the user states for several models', () => {
  it('lets embeddings fail over among them, and is what the result carries', async () => {
    const result = await createOpenMux({ providers: [far(hosted), near()], spaces }).embed('x')
    expect(result).toMatchObject({ provider: 'near', vectors: [[0, 1]] })
    expect(result.space).toEqual(space)
  })

  it('is needed for that: by themselves the two are different spaces', async () => {
    const second = near()
    const error = await failureOf(createOpenMux({ providers: [far(hosted), second] }).embed('x'))
    expect(error.code).toBe('network')
    expect(second.embedded).toHaveLength(0)
  })

  it('makes up for a back end that tells nothing of its vectors', async () => {
    const openmux = createOpenMux({ providers: [far(undefined), near()], spaces })
    expect((await openmux.embed('x')).provider).toBe('near')
  })

  it('holds for a model that its back end no longer lists', async () => {
    const gone = new OpenMuxError({ code: 'model-not-served', message: 'nobody serves it' })
    const openmux = createOpenMux({
      providers: [far(hosted, { cards: [], vectors: [gone] }), near()],
      spaces,
    })
    const result = await openmux.embed({ input: 'x', prefer: ['far/org/all-MiniLM-L6-v2'] })
    expect(result).toMatchObject({ provider: 'near', attempts: [{ code: 'model-not-served' }, {}] })
  })

  it.each([
    ['length', { dimensions: 3 }],
    ['pooling', { pooling: 'cls' as const }],
    ['normalisation', { normalized: false }],
  ])('does not count where the back end tells another %s', async (_what, change) => {
    const second = near({ ...installed, ...change })
    const error = await failureOf(createOpenMux({ providers: [far(hosted), second], spaces }).embed('x'))
    expect(error.code).toBe('network')
    expect(second.embedded).toHaveLength(0)
  })

  it('fails closed when the vectors that come are of another length than the card told', async () => {
    const liar = scripted('near', {
      cards: [card('all-minilm', { tasks: ['embeddings'], space: installed })],
      vectors: [{ vectors: [[1, 0, 0]], space: { ...installed, dimensions: 3 }, model: 'all-minilm' }],
    })
    const error = await failureOf(createOpenMux({ providers: [far(hosted), liar], spaces }).embed('x'))
    expect(error.attempts?.at(-1)).toMatchObject({ provider: 'near', code: 'bad-response' })
  })

  it('is stated of whole names only: another size of the family keeps its own', async () => {
    const other = scripted('near', {
      cards: [card('all-minilm:33m', { tasks: ['embeddings'], space: installed })],
      vectors: [{ vectors: [[0, 1]], space: installed, model: 'all-minilm:33m' }],
    })
    expect(
      (await createOpenMux({ providers: [other], spaces: stated(['near/all-minilm']) }).embed('x')).space,
    ).toEqual(installed)
  })

  it('is the space an index can be kept to', async () => {
    const openmux = createOpenMux({ providers: [far(hosted), near()], spaces })
    const { space: kept } = await openmux.embed('x')
    expect((await openmux.embed({ input: 'y', space: kept })).provider).toBe('near')
  })

  it('stands on the cards that are listed, and leaves chat models alone', async () => {
    const openmux = createOpenMux({ providers: [near()], spaces: stated(['near/all-minilm', 'near/chatty']) })
    const { models } = await openmux.models()
    expect(models.map((model) => model.space)).toEqual([space, undefined])
    expect((await openmux.chat('Hello')).text).toBe('Hello')
  })

  it('works with providers of a class, and closes them', async () => {
    class Counting {
      #closed = 0
      readonly contract = 1
      readonly id = 'near'
      readonly inner = near()
      readonly name = 'near'
      readonly lifecycle = this.inner.lifecycle
      readonly locality = 'local'
      readonly tasks = this.inner.tasks
      readonly supports = this.inner.supports
      readonly hosts = []
      ready = this.inner.ready.bind(this.inner)
      models = this.inner.models.bind(this.inner)
      embed = this.inner.embed?.bind(this.inner)
      async close(): Promise<void> {
        this.#closed += 1
      }
      get closed(): number {
        return this.#closed
      }
    }
    const provider = new Counting()
    const { embed } = provider
    if (embed === undefined) throw new Error('the scripted provider does not embed')
    const openmux = createOpenMux({
      providers: [Object.assign(provider, { embed })],
      spaces: stated(['near/all-minilm']),
    })
    expect((await openmux.embed('x')).space).toEqual(space)
    await openmux.close()
    expect(provider.closed).toBe(1)
  })

  it.each([
    ['no array', {}, 'spaces'],
    ['an entry without models', [{ space }], 'spaces[0].models'],
    ['no models at all', [{ space, models: [] }], 'spaces[0].models'],
    ['half a space', [{ space: { model: 'minilm' }, models: ['near/x'] }], 'spaces[0].space'],
    ['a name without its provider', [{ space, models: ['all-minilm'] }], 'spaces[0].models[0]'],
    ['a provider nobody has', [{ space, models: ['neer/x'] }], 'spaces[0].models[0]'],
    ['no text', [{ space, models: [7] }], 'spaces[0].models[0]'],
    ['one model twice', [{ space, models: ['near/x', 'near/X:latest'] }], 'spaces[0].models[1]'],
  ])('refuses %s by the field', async (_what, given, field) => {
    const make = async () =>
      createOpenMux({ providers: [near()], spaces: stateSpaces(given as readonly StatedSpace[]) })
    expect(await failureOf(make())).toMatchObject({ code: 'bad-config', field })
  })

  it('never makes vectors of different length equal, whatever is stated', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 1, max: 4 }),
        fc.integer({ min: 1, max: 4 }),
        async (first, second) => {
          const vector = Array.from({ length: second }, () => 1)
          const other = scripted('near', {
            cards: [card('m', { tasks: ['embeddings'], space: { ...installed, dimensions: second } })],
            vectors: [{ vectors: [vector], space: { ...installed, dimensions: second }, model: 'm' }],
          })
          const told = { ...space, dimensions: first }
          const one = far({ ...hosted, dimensions: first })
          const openmux = createOpenMux({
            providers: [one, other],
            spaces: stateSpaces([{ space: told, models: ['far/org/all-MiniLM-L6-v2', 'near/m'] }]),
          })
          const outcome = await openmux.embed('x').then(
            ({ vectors }) => vectors[0]?.length,
            () => undefined,
          )
          expect(outcome).toBe(first === second ? second : undefined)
        },
      ),
      { numRuns: 30 },
    )
  })
})

function stated(models: readonly string[]): SpaceStatement {
  return stateSpaces([{ space, models }])
}

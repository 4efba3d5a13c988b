import { createOpenMux, isOpenMuxError, type OpenMux, type OpenMuxError, type Provider } from '@openmux/core'
import { stateSpaces } from '@openmux/core/embeddings'
import { afterAll, afterEach, describe, expect, it } from 'vitest'
import { ANCESTORS } from './ancestors.ts'
import {
  MINILM,
  MINILM_AT_OLLAMA,
  MODELS,
  nobodysAddress,
  startBackEnds,
  TINY,
  TINY_AT_HOME,
} from './back-ends.ts'
import { type Behaviour, faultsOf } from './behaviour.ts'
import { type Break, BREAKS, chatModelOf } from './breaks.ts'
import { demandTableRows } from './table.ts'

// Each break of the seed ("HuggingFace Inference API Migration Notes", 10 November 2025), end to end over the real
// packages: the hosted back end fails so, then Ollama answers, then, where there is no Ollama, the model in the process.

const ends = await startBackEnds()
afterEach(() => ends.reset())
afterAll(() => ends.close())

const QUESTION = 'Write a loop.'

for (const one of BREAKS)
  describe(`seed: ${one.name}`, () => {
    for (const task of ['chat', 'code'] as const) {
      it(`${task} goes on at Ollama`, async () => {
        const remote = ends.remote(await one.arrange(ends))
        const mux = createOpenMux({ providers: [remote, ends.ollama()] })
        const prefer = [`hf-remote/${chatModelOf(one)}`, `ollama/${MODELS.ollamaChat}`]
        const answer = await mux.chat({ task, prompt: QUESTION, prefer })
        expect(answer).toMatchObject({ provider: 'ollama', model: MODELS.ollamaChat })
        expect(answer.text).toBe(`You said: ${QUESTION}`)
        expectTrace(answer.attempts, 'ollama', one)
      })

      it(`${task} goes on in the process where there is no Ollama`, async () => {
        const remote = ends.remote(await one.arrange(ends))
        const nobody = ends.ollama(await nobodysAddress())
        const mux = createOpenMux({ providers: [remote, nobody, ends.local] })
        const prefer = [
          `hf-remote/${chatModelOf(one)}`,
          `ollama/${MODELS.ollamaChat}`,
          `hf-local/${MODELS.tinyChat}`,
        ]
        const answer = await mux.chat({ task, prompt: QUESTION, prefer, maxTokens: 8 })
        expect(answer).toMatchObject({ provider: 'hf-local', model: MODELS.tinyChat })
        expect(answer.text).not.toBe('')
        expectTrace(answer.attempts, 'hf-local', one)
      })
    }

    it('embeddings go on at Ollama, in the space that both are stated to share', async () => {
      const remote = ends.remote(await one.arrange(ends))
      const mux = createOpenMux({ providers: [remote, ends.ollama()], spaces: stateSpaces(MINILM_AT_OLLAMA) })
      const prefer = [`hf-remote/${MODELS.remoteEmbed}`, `ollama/${MODELS.ollamaEmbed}`]
      const result = await mux.embed({ input: ['the sea', 'a cat'], space: MINILM, prefer })
      expect(result).toMatchObject({ provider: 'ollama', space: MINILM })
      expect(result.vectors.map(({ length }) => length)).toEqual([384, 384])
      expectTrace(result.attempts, 'ollama', one)
    })

    it('embeddings go on in the process, in the space that both are stated to share', async () => {
      const remote = ends.remote(await one.arrange(ends))
      const mux = createOpenMux({ providers: [remote, ends.local], spaces: stateSpaces(TINY_AT_HOME) })
      const prefer = [`hf-remote/${MODELS.tinyEmbed}`, `hf-local/${MODELS.tinyEmbed}`]
      const result = await mux.embed({ input: ['the sea', 'a cat'], space: TINY, prefer })
      expect(result).toMatchObject({ provider: 'hf-local', space: TINY })
      // Computed by the model itself, not made up: the same as from it alone.
      const alone = await createOpenMux({ providers: [ends.local] }).embed(['the sea', 'a cat'])
      expect(result.vectors).toEqual(alone.vectors)
      expectTrace(result.attempts, 'hf-local', one)
    })

    it('embeddings fail typed rather than come from another space, and nobody else is asked', async () => {
      const remote = ends.remote(await one.arrange(ends))
      const mux = createOpenMux({ providers: [remote, ends.ollama(), ends.local] })
      const prefer = [`hf-remote/${MODELS.remoteEmbed}`]
      const error = await failureOf(mux.embed({ input: 'the sea', space: MINILM, prefer }))
      expect(error.code).toBe(one.found === 'tried' ? one.code : 'no-candidate')
      expect(error.hint).not.toBe('')
      expect(JSON.stringify(error.decision)).toContain('another embedding space')
      expect(posts(ends.ollamaServer, '/api/embed')).toBe(0)
    })

    it('is better than what the ancestors did', async () => {
      const ancestor = ANCESTORS[one.ancestor]
      expect(faultsOf(ancestor), ancestor.where).toEqual(ancestor.faults)
      const ours = await behaviourOf(one)
      expect(ours.failure).toBe(one.code)
      expect(faultsOf(ours)).toEqual([])
    })
  })

it('every row of the document about this file is a test that ran', ({ task }) => demandTableRows(task))

/** One attempt at the dead back end at most, and never the same one again. */
function expectTrace(
  attempts: readonly { readonly provider: string; readonly code?: string }[],
  last: string,
  { found, code }: Break,
): void {
  const dead = found === 'tried' ? [['hf-remote', code]] : []
  expect(attempts.map((attempt) => [attempt.provider, attempt.code])).toEqual([...dead, [last, undefined]])
}

/** Plays the break with Ollama behind it, and says what came of it in the words used for the ancestors. */
async function behaviourOf(one: Break): Promise<Behaviour> {
  const routerURL = await one.arrange(ends)
  const providers: readonly Provider[] = [ends.remote(routerURL), ends.ollama()]
  const mux = createOpenMux({ providers })
  const prefer = [`hf-remote/${chatModelOf(one)}`, `ollama/${MODELS.ollamaChat}`]
  const ask = (): Promise<Behaviour['first']> =>
    mux.chat({ prompt: QUESTION, prefer }).then(
      ({ provider }) => (provider === 'ollama' ? 'the next back end' : 'nobody'),
      () => 'nobody',
    )
  const server = [ends.hfServer, ends.retired].find(({ url }) => url === routerURL)
  const first = await ask()
  const requestsToTheDead = server === undefined ? 0 : posts(server)
  const second = await ask()
  // With nobody behind it: what the failure is called, and that it comes although no clock ever moves.
  const alone = frozen([ends.remote(routerURL)])
  const failing = failureOf(alone.chat({ prompt: QUESTION, model: `hf-remote/${chatModelOf(one)}` }))
  const endsByItself = await settles(failing)
  const failure = endsByItself ? (await failing).code : 'unnamed'
  const unspaced = await createOpenMux({ providers })
    .embed({ input: 'x', space: MINILM, prefer: ['hf-remote'] })
    .then(
      (): Behaviour['embeddings'] => 'vectors of another space',
      (thrown: unknown) => (isOpenMuxError(thrown) ? 'typed failure' : 'prose'),
    )
  return { requestsToTheDead, failure, endsByItself, first, second, embeddings: unspaced }
}

/** An orchestrator on a clock that stands still: nothing in it can end by a time limit. */
function frozen(providers: readonly Provider[]): OpenMux {
  return createOpenMux({ providers, clock: { now: () => 0, after: () => () => undefined }, maxAttempts: 1 })
}

/** Whether something ends at all; ten seconds of the real clock stand for never. */
async function settles(work: Promise<unknown>): Promise<boolean> {
  let timer: NodeJS.Timeout | undefined
  const never = new Promise<boolean>((resolve) => {
    timer = setTimeout(() => resolve(false), 10_000)
  })
  const done = work.then(
    () => true,
    () => true,
  )
  return Promise.race([done, never]).finally(() => clearTimeout(timer))
}

function posts(
  server: { requests(): readonly { readonly method: string; readonly path: string }[] },
  path?: string,
): number {
  return server
    .requests()
    .filter((seen) => seen.method === 'POST' && (path === undefined || seen.path === path)).length
}

async function failureOf(work: Promise<unknown>): Promise<OpenMuxError> {
  const outcome = await work.then(
    (value) => ({ value }),
    (error: unknown) => ({ error }),
  )
  if ('error' in outcome && isOpenMuxError(outcome.error)) return outcome.error
  throw new Error(`it did not fail as it should: ${JSON.stringify(outcome)}`)
}

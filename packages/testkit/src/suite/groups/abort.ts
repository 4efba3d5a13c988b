import type { ChatEvent, Provider } from '@openmux/core'
import { type ContractCase, check, inScenario, skipped } from '../cases.js'
import type { ContractOptions } from '../options.js'
import { becomes, settle, within } from '../patience.js'
import type { ScenarioState } from '../scenarios.js'
import type { Trial } from '../trial.js'
import { demand } from '../violation.js'
import type { WatchedContext } from '../watched-context.js'
import { demandNoLeftovers, demandUpstreamClosed, isPiece, readUntil } from './common.js'

/** Leaving a call: at once, completely, and with `aborted`. */
export function abortCases(declared: Provider, options: ContractOptions): readonly ContractCase[] {
  return [
    ...(declared.chat === undefined
      ? [skipped('aborting a chat', 'the provider has no `chat`')]
      : chatAborts(options)),
    ...(declared.embed === undefined
      ? [skipped('aborting an embedding', 'the provider has no `embed`')]
      : embedAborts(options)),
    check('models() with an aborted signal fails with `aborted` or answers all the same', async (trial) => {
      const watched = trial.watch()
      watched.controller.abort()
      const listing = trial.provider.models(watched.context)
      try {
        await listing
      } catch (error) {
        const typed = await trial.failure('models()', Promise.reject(error))
        demand(typed.code === 'aborted', `the code must be \`aborted\`, it was \`${typed.code}\``)
      }
    }),
  ]
}

function chatAborts(options: ContractOptions): readonly ContractCase[] {
  return [
    check('a call with an aborted signal fails with `aborted` and sends nothing', async (trial) => {
      const request = await trial.chatRequest()
      const before = trial.options.upstream?.requests().length ?? 0
      const watched = trial.watch()
      watched.controller.abort(new Error('the reason of the caller'))
      const { error, events } = await trial.failedChat(request, watched)
      demand(error.code === 'aborted', `the code must be \`aborted\`, it was \`${error.code}\``)
      demand(events.length === 0, 'events came although the signal was aborted before')
      const sent = (trial.options.upstream?.requests().length ?? 0) - before
      demand(sent === 0, 'the request was sent although the signal was aborted before')
    }),
    check('an abort before anybody iterates does nothing', async (trial) => {
      const request = await trial.chatRequest()
      const before = trial.options.upstream?.requests().length ?? 0
      const watched = trial.watch()
      trial.chat(request, watched.context)
      watched.controller.abort()
      await settle()
      demand(
        (trial.options.upstream?.requests().length ?? 0) === before,
        'the request was sent, though nobody iterated',
      )
      await demandNoLeftovers(watched, 'the call was never iterated, it')
    }),
    inScenario(
      options,
      'stallsMidStream',
      'an abort in the middle ends the stream with `aborted`, at once, and closes the upstream',
      async (trial, state) => {
        await bestOfThree(trial, async () => abortAfter(trial, state, isPiece))
      },
    ),
    inScenario(
      options,
      'neverAnswers',
      'an abort before the first piece ends the call with `aborted`, at once',
      async (trial, state) => {
        await bestOfThree(trial, async () => abortAfter(trial, state, undefined))
      },
    ),
    check('an abort of a usual answer ends it at once', async (trial) => {
      await bestOfThree(trial, async () => {
        const watched = trial.watch()
        const request = await trial.chatRequest({
          messages: [{ role: 'user', content: 'Tell me a long story.' }],
        })
        const stream = trial.chat(request, watched.context)[Symbol.asyncIterator]()
        await readUntil(trial, stream, () => true, 'the first event')
        return abandon(trial, watched, stream)
      })
    }),
    check('an abort after the end changes nothing', async (trial) => {
      const watched = trial.watch()
      const answer = await trial.ask({}, watched)
      watched.controller.abort()
      await settle()
      demand(answer.finish !== undefined, 'the answer was not whole')
    }),
    check('after an abort the next call answers', async (trial) => {
      const watched = trial.watch()
      const stream = trial.chat(await trial.chatRequest(), watched.context)[Symbol.asyncIterator]()
      await readUntil(trial, stream, () => true, 'the first event')
      await abandon(trial, watched, stream)
      await trial.ask()
    }),
  ]
}

function embedAborts(options: ContractOptions): readonly ContractCase[] {
  return [
    check('embed() with an aborted signal fails with `aborted`', async (trial) => {
      const watched = trial.watch()
      watched.controller.abort()
      const error = await trial.failure('embed()', trial.embed({}, watched))
      demand(error.code === 'aborted', `the code must be \`aborted\`, it was \`${error.code}\``)
      await demandNoLeftovers(watched, 'the aborted call')
    }),
    inScenario(
      options,
      'neverAnswers',
      'an abort ends a waiting embed() with `aborted`, at once',
      async (trial, state) => {
        await bestOfThree(trial, async () => {
          const watched = trial.watch()
          const request = await trial.embedRequest(state.model === undefined ? {} : { model: state.model })
          const before = trial.options.upstream?.requests().length ?? 0
          const work = trial.failure('the aborted embed()', trial.embed(request, watched))
          await requestUnderWay(trial, before)
          return ended(trial, watched, work)
        })
      },
    ),
  ]
}

async function abortAfter(
  trial: Trial,
  state: ScenarioState,
  first: ((event: ChatEvent) => boolean) | undefined,
): Promise<number> {
  const watched = trial.watch()
  const before = trial.options.upstream?.requests().length ?? 0
  const request = await trial.chatRequest(state.model === undefined ? {} : { model: state.model })
  const stream = trial.chat(request, watched.context)[Symbol.asyncIterator]()
  if (first !== undefined) await readUntil(trial, stream, first, 'the first piece')
  const work = trial.failure('the aborted chat', drain(stream))
  if (first === undefined) await requestUnderWay(trial, before)
  return ended(trial, watched, work)
}

/**
 * Aborts an answer that may have arrived whole already, and reads on; ms until the call was over. What fails
 * has to fail with `aborted`.
 */
async function abandon(
  trial: Trial,
  watched: WatchedContext,
  stream: AsyncIterator<ChatEvent>,
): Promise<number> {
  const start = performance.now()
  watched.controller.abort()
  try {
    await within(trial.patienceMs, 'the end of the aborted chat', drain(stream))
  } catch (thrown) {
    const error = await trial.failure('the aborted chat', Promise.reject(thrown))
    demand(error.code === 'aborted', `the code must be \`aborted\`, it was \`${error.code}\``)
  }
  const tookMs = performance.now() - start
  await demandNoLeftovers(watched, 'the aborted call')
  await demandUpstreamClosed(trial, 'the call was aborted', 1_000)
  return tookMs
}

/** Aborts; ms until the call and its upstream request were over. */
async function ended(
  trial: Trial,
  watched: WatchedContext,
  work: ReturnType<Trial['failure']>,
): Promise<number> {
  await settle()
  const start = performance.now()
  watched.controller.abort()
  const error = await work
  const callMs = performance.now() - start
  demand(error.code === 'aborted', `the code must be \`aborted\`, it was \`${error.code}\``)
  await demandUpstreamClosed(trial, 'the call was aborted', trial.abortWithinMs)
  const upstreamMs = performance.now() - start
  await demandNoLeftovers(watched, 'the aborted call')
  return trial.options.upstream === undefined ? callMs : upstreamMs
}

/** One slow turn of a busy machine is no fault of the provider; three are. */
async function bestOfThree(trial: Trial, measure: () => Promise<number>): Promise<void> {
  let best = Infinity
  for (let round = 0; round < 3 && best > trial.abortWithinMs; round++) best = Math.min(best, await measure())
  demand(
    best <= trial.abortWithinMs,
    `from the abort to the end it took ${best.toFixed(0)} ms, three times; at most ${trial.abortWithinMs} ms are allowed`,
  )
}

async function requestUnderWay(trial: Trial, before: number): Promise<void> {
  const upstream = trial.options.upstream
  if (upstream !== undefined) await becomes(trial.patienceMs, () => upstream.requests().length > before)
  await settle()
}

async function drain(stream: AsyncIterator<ChatEvent>): Promise<void> {
  while ((await stream.next()).done !== true) continue
}

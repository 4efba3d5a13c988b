import type { Provider } from '@openmux/core'
import { type ContractCase, check, inScenario, skipped } from '../cases.js'
import type { ContractOptions } from '../options.js'
import { closestTo } from '../vectors.js'
import { demand, show } from '../violation.js'
import { isPiece, readUntil } from './common.js'

const MARKS = ['alpha-4711', 'beta-1234', 'gamma-9876'] as const

/** Calls at the same time know nothing of each other. */
export function concurrencyCases(declared: Provider, options: ContractOptions): readonly ContractCase[] {
  const cases: ContractCase[] = []
  if (declared.chat === undefined) cases.push(skipped('several chats at once', 'the provider has no `chat`'))
  else {
    cases.push(
      check('several chats at once are all answered whole', async (trial) => {
        const answers = await Promise.all(
          MARKS.map((mark) => trial.ask({ messages: [{ role: 'user', content: mark }] })),
        )
        const ids = answers.flatMap(({ start }) => start?.responseId ?? [])
        demand(
          new Set(ids).size === ids.length,
          () => `answers at the same time share a response id: ${show(ids)}`,
        )
      }),
      inScenario(options, 'echoes', 'several chats at once each get their own answer', async (trial) => {
        const answers = await Promise.all(
          MARKS.map((mark) => trial.ask({ messages: [{ role: 'user', content: mark }] })),
        )
        for (const [index, mark] of MARKS.entries()) {
          const text = answers[index]?.text ?? ''
          demand(text.includes(mark), () => `the question ${show(mark)} was answered ${show(text)}`)
          const foreign = MARKS.find((other) => other !== mark && text.includes(other))
          demand(
            foreign === undefined,
            () => `the answer to ${show(mark)} holds a piece of another: ${show(text)}`,
          )
        }
      }),
      inScenario(options, 'echoes', 'an abort of one chat leaves the others alone', async (trial) => {
        const watched = trial.watch()
        const doomed = trial.chat(await trial.chatRequest(), watched.context)[Symbol.asyncIterator]()
        const others = Promise.all(
          MARKS.map((mark) => trial.ask({ messages: [{ role: 'user', content: mark }] })),
        )
        await readUntil(trial, doomed, (event) => event.type === 'start' || isPiece(event), 'the first event')
        watched.controller.abort()
        const answers = await others
        for (const [index, mark] of MARKS.entries()) {
          demand(
            answers[index]?.text.includes(mark) === true,
            `another call was aborted, and the answer to ${show(mark)} suffered`,
          )
        }
        await doomed.return?.()
      }),
    )
  }
  if (declared.embed === undefined)
    cases.push(skipped('several embeddings at once', 'the provider has no `embed`'))
  else {
    cases.push(
      check('several embeddings at once each get their own vectors', async (trial) => {
        const sequential = await trial.embed({ inputs: MARKS })
        const parallel = await Promise.all(MARKS.map((mark) => trial.embed({ inputs: [mark] })))
        for (const [index, { vectors }] of parallel.entries()) {
          const [vector = []] = vectors
          demand(
            closestTo(vector, sequential.vectors) === index,
            `the vector of ${show(MARKS[index])} belongs to another call`,
          )
        }
      }),
    )
  }
  return cases
}

import type { Provider } from '@openmux/core'
import { type ContractCase, check, skipped, told } from '../cases.js'
import type { ContractOptions } from '../options.js'
import { demand, show } from '../violation.js'
import { demandWarningOrRefusal } from './common.js'

const THOUGHT = { reasoning: 'The user greets me. I greet back.', text: 'Hello!' }

/** Thinking, kept apart from the answer. */
export function reasoningCases(declared: Provider, options: ContractOptions): readonly ContractCase[] {
  if (declared.chat === undefined) return [skipped('reasoning', 'the provider has no `chat`')]
  if (!declared.supports.reasoning) {
    return [
      check(
        'reasoning is not declared: an effort asked for gives a warning or `unsupported`',
        async (trial) => {
          await demandWarningOrRefusal(trial, { reasoning: 'high' }, 'reasoning')
        },
      ),
      check('reasoning is not declared: none ever comes, and `off` is simply true', async (trial) => {
        const { reasoning } = await trial.ask({ reasoning: 'off' })
        demand(reasoning === '', 'a `reasoning` event came, though `supports.reasoning` is false')
      }),
    ]
  }
  return [
    told(
      options.scenarios?.thinks,
      'thinks',
      THOUGHT,
      'thinking comes as `reasoning` events and is no part of the answer',
      async (trial, state) => {
        const answer = await trial.ask({
          reasoning: 'high',
          ...(state.model === undefined ? {} : { model: state.model }),
        })
        demand(
          answer.reasoning === THOUGHT.reasoning,
          () => `the model thought ${show(THOUGHT.reasoning)}, the events say ${show(answer.reasoning)}`,
        )
        demand(
          answer.text === THOUGHT.text,
          () => `the model said ${show(THOUGHT.text)}, the answer is ${show(answer.text)}`,
        )
      },
    ),
    told(
      options.scenarios?.thinks,
      'thinks',
      THOUGHT,
      'thinking comes before the answer',
      async (trial, state) => {
        const { events } = await trial.ask({
          reasoning: 'low',
          ...(state.model === undefined ? {} : { model: state.model }),
        })
        const firstText = events.findIndex((event) => event.type === 'text')
        const lastThought = events.findLastIndex((event) => event.type === 'reasoning')
        demand(lastThought < firstText, 'a `reasoning` event came after the answer had begun')
      },
    ),
  ]
}

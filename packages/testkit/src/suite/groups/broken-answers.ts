import type { ErrorCode, Provider } from '@openmux/core'
import { type ContractCase, inScenario, type PlainScenarioName, skipped } from '../cases.js'
import type { ContractOptions } from '../options.js'
import { within } from '../patience.js'
import { demand } from '../violation.js'
import { demandUpstreamClosed, failures } from './common.js'

/** A success that is none: an error inside, a web page, nothing, no end. */
export function brokenAnswersCases(declared: Provider, options: ContractOptions): readonly ContractCase[] {
  const fails = (
    scenario: PlainScenarioName,
    name: string,
    codes: readonly ErrorCode[] | undefined,
    { both = true, closes = false } = {},
  ): ContractCase =>
    inScenario(options, scenario, name, async (trial, state) => {
      for (const { code, message } of await failures(trial, state, both)) {
        demand(
          codes === undefined ? code !== 'aborted' : codes.includes(code),
          () => `the code must be ${codes?.join(' or ') ?? 'one of its own'}, it was \`${code}\`: ${message}`,
        )
      }
      if (closes) await demandUpstreamClosed(trial, 'the answer was given up', 1_000)
    })
  return [
    fails('errorInSuccess', 'an error inside a success is thrown', undefined),
    fails('garbledAnswer', 'a web page in place of an answer is `bad-response`', [
      'bad-response',
      'truncated',
    ]),
    fails('nothingAtAll', 'a success without a body is `bad-response`', ['bad-response', 'truncated']),
    fails(
      'giganticAnswer',
      'an answer that states a gigantic size is not read, and its request let go',
      ['too-large', 'bad-response', 'truncated'],
      { closes: true },
    ),
    fails(
      'endlessAnswer',
      'an answer without an end is given up, and its request let go',
      ['too-large', 'bad-response'],
      { both: false, closes: true },
    ),
    declared.chat === undefined
      ? skipped('what had come before an error inside the stream is kept', 'the provider has no `chat`')
      : inScenario(
          options,
          'errorMidStream',
          'what had come before an error inside the stream is kept',
          async (trial, state) => {
            const request = await trial.chatRequest(state.model === undefined ? {} : { model: state.model })
            const { events } = await trial.failedChat(request)
            demand(
              events.some((event) => event.type === 'text' && event.text !== ''),
              'the text that arrived before the error was not yielded: callers keep it as the partial answer',
            )
            demand(
              !events.some((event) => event.type === 'finish'),
              '`finish` was yielded before the error: the caller would take the answer for whole',
            )
          },
        ),
    inScenario(
      options,
      'garbledList',
      'a web page in place of the list of models is `bad-response`, never an empty list',
      async (trial) => {
        const listing = within(trial.patienceMs, 'models()', trial.provider.models(trial.watch().context))
        const { code } = await trial.failure('models() of a web page', listing)
        demand(code === 'bad-response', `the code must be \`bad-response\`, it was \`${code}\``)
      },
    ),
  ]
}

import type { Message, Provider } from '@openmux/core'
import { type ContractCase, check, inScenario, skipped, told } from '../cases.js'
import type { ContractOptions } from '../options.js'
import { settle } from '../patience.js'
import { demand, show } from '../violation.js'
import { demandNoLeftovers } from './common.js'

const CONVERSATION: readonly Message[] = [
  { role: 'system', content: 'Answer in one short sentence.' },
  { role: 'user', content: 'My name is Ada.' },
  { role: 'assistant', content: 'Hello Ada.' },
  { role: 'user', content: 'What is my name?' },
]

/** What every chat has to do, streaming or not. */
export function chatBasicCases(declared: Provider, options: ContractOptions): readonly ContractCase[] {
  if (declared.chat === undefined) return [skipped('chat', 'the provider has no `chat`')]
  const { scenarios } = options
  return [
    check('gives one start, pieces, one finish, and nothing after it', async (trial) => {
      const answer = await trial.ask()
      demand(answer.text !== '' || answer.reasoning !== '', 'the answer has no text')
    }),
    told(
      scenarios?.answersWith,
      'answersWith',
      ['Hello ', 'world', '.'],
      'gives exactly the words of the model',
      async (trial, state) => {
        const answer = await trial.ask(state.model === undefined ? {} : { model: state.model })
        demand(
          answer.text === 'Hello world.',
          () => `the model said "Hello world.", the answer is ${show(answer.text)}`,
        )
        demand(
          answer.finish?.reason === 'stop',
          () => `a normal end is \`stop\`, it was ${show(answer.finish)}`,
        )
      },
    ),
    check('takes a conversation with a system message and history', async (trial) => {
      const seen = trial.options.upstream?.requests().length ?? 0
      await trial.ask({ messages: CONVERSATION })
      const upstream = trial.options.upstream
      if (upstream === undefined) return
      const sent = upstream
        .requests()
        .slice(seen)
        .map((request) => request.body)
        .join('\n')
      for (const { content } of CONVERSATION) {
        demand(
          typeof content === 'string' && sent.includes(content),
          () => `the message ${show(content)} never reached the upstream`,
        )
      }
    }),
    check('does nothing before it is iterated', async (trial) => {
      const request = await trial.chatRequest()
      const before = trial.options.upstream?.requests().length ?? 0
      const watched = trial.watch()
      const stream = trial.chat(request, watched.context)
      await settle()
      const sent = (trial.options.upstream?.requests().length ?? 0) - before
      demand(
        sent === 0,
        'chat() sent something before anybody iterated: do the work inside the async generator',
      )
      const left = watched.leftovers()
      demand(left.length === 0, () => `chat() left ${left.join(' and ')} before anybody iterated`)
      demand(watched.progress.length === 0, 'chat() reported progress before anybody iterated')
      // What was not begun must still work.
      for await (const _event of stream) break
    }),
    check('answers again and again', async (trial) => {
      for (let round = 0; round < 3; round++) await trial.ask()
    }),
    check('leaves nothing on the signal or the clock', async (trial) => {
      const watched = trial.watch()
      await trial.ask({}, watched)
      await demandNoLeftovers(watched, 'the answer')
    }),
    check('passes over options meant for another provider', async (trial) => {
      const answer = await trial.ask({
        providerOptions: { ...trial.options.providerOptions, 'somebody-else': { verbosity: 11 } },
      })
      demand(answer.finish !== undefined, 'no finish')
    }),
    check('takes the usual options without changing the request', async (trial) => {
      // Every request of the suite is frozen, so a provider that writes to it fails here and everywhere.
      await trial.ask({ temperature: 0, topP: 0.9, maxTokens: 16, stop: ['\n\n\n'] })
    }),
    options.upstream === undefined
      ? skipped('options reach the upstream or give a warning', 'no `upstream` was given to look at')
      : check('options reach the upstream or give a warning', async (trial) => {
          const seen = options.upstream?.requests().length ?? 0
          const values = { temperature: 0.123, topP: 0.456, maxTokens: 789, stop: ['STOPWORD'] }
          const { warnings } = await trial.ask(values)
          const sent =
            options.upstream
              ?.requests()
              .slice(seen)
              .map((request) => request.body)
              .join('\n') ?? ''
          for (const [option, value] of Object.entries(values)) {
            const warned = warnings.some((warning) => warning.option === option)
            demand(
              warned || sent.includes(String(value)),
              `\`${option}\` reached neither the upstream nor the warnings: send it, or warn with kind \`ignored-option\``,
            )
          }
        }),
    check('an unknown model is refused by its name', async (trial) => {
      const model = trial.options.unknownModel ?? 'openmux-no-such-model'
      const { error, events } = await trial.failedChat(await trial.chatRequest({ model }))
      demand(
        error.code === 'model-not-found' || error.code === 'model-not-served',
        `an unknown model must fail with \`model-not-found\`, not \`${error.code}\`: ${error.message}`,
      )
      demand(
        events.length === 0,
        () => `nothing may be yielded before an unknown model is refused, there came ${show(events)}`,
      )
    }),
    check('takes a prompt of 100 kB whole, or refuses it', async (trial) => {
      const words = Array.from({ length: 12_500 }, (_unused, index) => String(index).padStart(7, 'w'))
      const content = words.join(' ')
      const request = await trial.chatRequest({ messages: [{ role: 'user', content }] })
      const seen = trial.options.upstream?.requests().length ?? 0
      try {
        await trial.ask(request)
      } catch (error) {
        const typed = await trial.failure('a long chat', Promise.reject(error), request.model)
        const fits = ['context-too-long', 'too-large'].includes(typed.code)
        demand(
          fits,
          `a prompt that is too long is \`context-too-long\` or \`too-large\`, not \`${typed.code}\``,
        )
        return
      }
      const upstream = trial.options.upstream
      if (upstream === undefined) return
      const whole = upstream
        .requests()
        .slice(seen)
        .some((sent) => sent.body.includes(content))
      demand(whole, 'the prompt was answered, but it never reached the upstream whole')
    }),
    inScenario(
      options,
      'hitsTokenLimit',
      'says `length` when the token limit ended the answer',
      async (trial, state) => {
        const answer = await trial.ask({
          maxTokens: 4,
          ...(state.model === undefined ? {} : { model: state.model }),
        })
        demand(
          answer.finish?.reason === 'length',
          () => `the finish reason must be \`length\`, it was ${show(answer.finish)}`,
        )
      },
    ),
    check('counts tokens that can be, when it counts', async (trial) => {
      // Every answer's numbers are checked for sense; here, that words that came were counted.
      const { finish, text } = await trial.ask()
      const usage = finish?.usage
      demand(
        usage === undefined || text === '' || usage.outputTokens > 0,
        'usage.outputTokens is 0, although text came back',
      )
    }),
  ]
}

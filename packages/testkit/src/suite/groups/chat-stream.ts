import type { OpenMuxError, Provider } from '@openmux/core'
import { type ContractCase, check, inScenario, skipped, told } from '../cases.js'
import type { ContractOptions } from '../options.js'
import { within } from '../patience.js'
import type { Trial } from '../trial.js'
import { demand, show } from '../violation.js'
import { demandNoLeftovers, demandUpstreamClosed, isPiece, readUntil } from './common.js'

/** Characters that are more than one byte, more than one code unit, more than one code point. */
const UNICODE = ['Grüße, ', '世界', ' 🌊', '👩‍👩‍👧 ', 'e\u0301', ' – end']

/** How text arrives, and that a broken stream never looks whole. */
export function chatStreamCases(declared: Provider, options: ContractOptions): readonly ContractCase[] {
  if (declared.chat === undefined) return [skipped('streaming', 'the provider has no `chat`')]
  const { scenarios } = options
  return [
    ...(declared.supports.streaming
      ? [
          told(
            scenarios?.answersWith,
            'answersWith',
            ['one ', 'two ', 'three ', 'four'],
            'text arrives in more than one piece',
            async (trial) => {
              const answer = await trial.ask()
              const pieces = answer.events.filter((event) => event.type === 'text').length
              demand(
                pieces > 1,
                'streaming is declared, yet four pieces of the upstream came as one `text` event',
              )
            },
          ),
          inScenario(
            options,
            'stallsMidStream',
            'the first piece arrives while the model is still at work',
            async (trial, state) => {
              const watched = trial.watch()
              const request = await trial.chatRequest(state.model === undefined ? {} : { model: state.model })
              const stream = trial.chat(request, watched.context)[Symbol.asyncIterator]()
              await readUntil(
                trial,
                stream,
                isPiece,
                'the first piece (the upstream sent one and is still busy)',
              )
            },
          ),
        ]
      : [skipped('text arrives in more than one piece', 'streaming is not declared')]),
    told(
      scenarios?.answersWith,
      'answersWith',
      UNICODE,
      'keeps every character, however it was cut',
      async (trial) => {
        const { text } = await trial.ask()
        demand(
          text === UNICODE.join(''),
          () => `the model said ${show(UNICODE.join(''))}, the answer is ${show(text)}`,
        )
      },
    ),
    check('never yields half a character or a replacement character', async (trial) => {
      // Half characters are refused in every answer; a replacement character shows bytes decoded too early.
      const { text } = await trial.ask({ messages: [{ role: 'user', content: 'Say 👩‍👩‍👧 and 世界 and é.' }] })
      demand(
        !text.includes('\uFFFD'),
        () => `the answer holds U+FFFD: decode with \`stream: true\`: ${show(text)}`,
      )
    }),
    check('leaving the loop early releases everything', async (trial) => {
      const watched = trial.watch()
      const stream = trial.chat(await trial.chatRequest(), watched.context)
      const leave = async (): Promise<void> => {
        for await (const event of stream) if (isPiece(event)) break
      }
      await within(trial.patienceMs, 'the end of the loop after `break`', leave())
      await demandNoLeftovers(watched, 'the loop was left, the call')
      await demandUpstreamClosed(trial, 'the loop was left', 1_000)
    }),
    inScenario(
      options,
      'stallsMidStream',
      'leaving the loop while the upstream is silent closes its request',
      async (trial, state) => {
        const watched = trial.watch()
        const request = await trial.chatRequest(state.model === undefined ? {} : { model: state.model })
        const stream = trial.chat(request, watched.context)[Symbol.asyncIterator]()
        await readUntil(trial, stream, isPiece, 'the first piece')
        await within(trial.patienceMs, '`return()` of the stream', Promise.resolve(stream.return?.()))
        await demandUpstreamClosed(trial, 'the loop was left', 1_000)
        await demandNoLeftovers(watched, 'the loop was left, the call')
      },
    ),
    inScenario(
      options,
      'cutMidStream',
      'a connection cut in the middle is `truncated`, after what had come',
      async (trial, state) => {
        const { error, text } = await broken(trial, state.model)
        demand(
          error.code === 'truncated',
          `a cut in the middle of an answer must be \`truncated\`, it was \`${error.code}\``,
        )
        demand(text !== '', 'the text that arrived before the cut was not yielded')
      },
    ),
    inScenario(
      options,
      'endsWithoutFinish',
      'a body that ends without the end mark is `truncated`',
      async (trial, state) => {
        const { error } = await broken(trial, state.model)
        demand(
          error.code === 'truncated',
          `an end without the upstream's end mark must be \`truncated\`, it was \`${error.code}\``,
        )
      },
    ),
    inScenario(
      options,
      'errorMidStream',
      'an error inside the stream is thrown, not taken for the end',
      async (trial, state) => {
        const { error } = await broken(trial, state.model)
        demand(error.code !== 'aborted', 'nobody aborted: an error of the upstream needs a code of its own')
      },
    ),
    inScenario(
      options,
      'emptyAnswer',
      'an empty answer yields no text and no made-up words',
      async (trial, state) => {
        const request = await trial.chatRequest(state.model === undefined ? {} : { model: state.model })
        try {
          const answer = await trial.ask(request)
          demand(answer.text === '', () => `the model said nothing, the answer is ${show(answer.text)}`)
        } catch (error) {
          const typed = await trial.failure('this chat', Promise.reject(error), request.model)
          const fits = ['bad-response', 'truncated'].includes(typed.code)
          demand(
            fits,
            `an empty answer is \`bad-response\` (or a finish without text), not \`${typed.code}\``,
          )
        }
      },
    ),
  ]
}

/** The failure of an answer that breaks after it began: `finish` must not have been yielded. */
async function broken(
  trial: Trial,
  model: string | undefined,
): Promise<{ error: OpenMuxError; text: string }> {
  const watched = trial.watch()
  const { error, events } = await trial.failedChat(
    await trial.chatRequest(model === undefined ? {} : { model }),
    watched,
  )
  demand(
    !events.some((event) => event.type === 'finish'),
    '`finish` was yielded before the error: the caller would take the answer for whole',
  )
  await demandNoLeftovers(watched, 'the failed call')
  return { error, text: events.map((event) => (event.type === 'text' ? event.text : '')).join('') }
}

import type { ChatRequest, Message, Provider } from '@openmux/core'
import type { Answer } from '../answer.js'
import { type ContractCase, check, inScenario, skipped, told } from '../cases.js'
import type { ContractOptions } from '../options.js'
import type { ScenarioState } from '../scenarios.js'
import type { Trial } from '../trial.js'
import { ContractViolation, demand, show } from '../violation.js'

const QUESTION: Message = { role: 'user', content: 'Count to twelve.' }
const WHOLE = 'One, two, three, four, five, six, seven, eight, nine, ten, eleven and twelve.'

/** Cut between words, inside a word, and close to the end. */
const BEGINNINGS = ['One, two,', 'One, two, thr', WHOLE.slice(0, -' twelve.'.length)]

/** A conversation that ends with an assistant message: continued, where that is declared. */
export function prefillCases(declared: Provider, options: ContractOptions): readonly ContractCase[] {
  if (declared.chat === undefined) return [skipped('prefill', 'the provider has no `chat`')]
  if (!declared.supports.prefill) {
    return [
      check(
        'prefill is not declared: a conversation that ends with an assistant message is refused or answered anew',
        async (trial) => {
          await answeredOrRefused(trial, begun('One, two,'))
        },
      ),
    ]
  }
  return [
    check('a beginning of its own answer is not said again', async (trial) => {
      const asked = { messages: [QUESTION], temperature: 0, maxTokens: 24, ...seedOf(declared) }
      const { text: whole } = await trial.ask(asked)
      // Two words: enough to know them again, too few for the refrain of a model that goes round in circles.
      const beginning = /^\s*\S+(?:\s+\S+)?/.exec(whole)?.[0] ?? ''
      demand(beginning !== '', 'the model said nothing that could be continued')
      const { text } = await trial.ask({ ...asked, messages: [QUESTION, assistant(beginning)] })
      demandGoesOn(text, beginning)
    }),
    whenTold(options, WHOLE, 'goes on exactly where the beginning ends', async (trial, state) => {
      for (const beginning of BEGINNINGS) {
        const answer = await trial.ask(begun(beginning, state))
        demandRest(answer, beginning)
        demand(
          answer.finish?.reason === 'stop',
          () => `the model came to its end, the finish reason must be \`stop\`: ${show(answer.finish)}`,
        )
      }
    }),
    whenTold(
      options,
      WHOLE,
      'goes on after a beginning that ends in white space, or refuses it',
      async (trial, state) => {
        // Back ends keep the space, drop it and say it themselves, or refuse it: the engine is ready for all three.
        const answer = await answeredOrRefused(trial, begun('One, two, ', state))
        if (answer === undefined) return
        const rest = WHOLE.slice('One, two, '.length)
        demand(
          answer.text === rest || answer.text === ` ${rest}`,
          () => `after "One, two, " must come ${show(rest)}, there came ${show(answer.text)}`,
        )
      },
    ),
    whenTold(
      options,
      WHOLE,
      'says nothing when the beginning was the whole answer, and that is no failure',
      async (trial, state) => {
        const { text, finish } = await trial.ask(begun(WHOLE, state)).catch((error: unknown) => {
          throw new ContractViolation(
            `an empty continuation is a whole answer and must not be thrown away: ${show(error)}`,
          )
        })
        demand(text === '', () => `there was nothing to add, there came ${show(text)}`)
        demand(finish?.reason === 'stop', () => `the finish reason must be \`stop\`: ${show(finish)}`)
      },
    ),
    whenTold(
      options,
      WHOLE,
      'counts the beginning as part of the prompt, not of the answer',
      async (trial, state) => {
        const asked = await trial.ask({ ...begun('', state), messages: [QUESTION] })
        const beginning = BEGINNINGS.at(-1) ?? ''
        const { text, finish } = await trial.ask(begun(beginning, state))
        const [without, within] = [asked.finish?.usage, finish?.usage]
        if (within === undefined) return
        demand(
          within.outputTokens <= text.length + 1,
          () => `${show(text)} cannot have ${within.outputTokens} tokens: the beginning was counted too`,
        )
        if (without === undefined || within.estimated === true || without.estimated === true) return
        demand(
          within.inputTokens > without.inputTokens,
          () =>
            `the prompt had ${without.inputTokens} tokens without the beginning and ${within.inputTokens} with it`,
        )
      },
    ),
    inScenario(
      options,
      'deniesPrefill',
      'a model whose card denies it answers anew or refuses',
      async (trial, state) => {
        const cards = await trial.provider.models(trial.watch().context)
        const card = cards.find(({ id }) => id === state.model)
        demand(
          card?.supports?.prefill === false,
          () => `the card of ${show(state.model)} must deny \`prefill\`, it says ${show(card?.supports)}`,
        )
        await answeredOrRefused(trial, begun('One, two,', state))
      },
    ),
    inScenario(
      options,
      'refusesPrefill',
      'a refusal is `bad-request` or `unsupported`, before anything came',
      async (trial, state) => {
        const { error, events } = await trial.failedChat(await trial.chatRequest(begun('One, two,', state)))
        demand(
          error.code === 'bad-request' || error.code === 'unsupported',
          `a refused beginning is \`bad-request\` or \`unsupported\`, so that it is asked for again without; not \`${error.code}\``,
        )
        demand(events.length === 0, () => `nothing may come before a refusal, there came ${show(events)}`)
        await trial.ask({ ...begun('', state), messages: [QUESTION] })
      },
    ),
  ]
}

function whenTold(
  { scenarios }: ContractOptions,
  whole: string,
  name: string,
  run: (trial: Trial, state: ScenarioState) => Promise<void>,
): ContractCase {
  return told(scenarios?.continues, 'continues', { whole }, name, run)
}

function begun(beginning: string, { model }: ScenarioState = {}): Partial<ChatRequest> {
  return { messages: [QUESTION, assistant(beginning)], ...(model === undefined ? {} : { model }) }
}

function assistant(content: string): Message {
  return { role: 'assistant', content }
}

function seedOf({ supports }: Provider): Pick<ChatRequest, 'seed'> {
  return supports.seed ? { seed: 7 } : {}
}

function demandGoesOn(text: string, beginning: string): void {
  demand(
    !text.trimStart().startsWith(beginning.trim()),
    () =>
      `the answer must go on after ${show(beginning)}, but it began anew or repeats it: ${show(text)}. Hand the ` +
      'assistant message on as the beginning of the answer, or do not declare `prefill`',
  )
}

function demandRest({ text }: Answer, beginning: string): void {
  demandGoesOn(text, beginning)
  const rest = WHOLE.slice(beginning.length)
  demand(text === rest, () => `after ${show(beginning)} must come ${show(rest)}, there came ${show(text)}`)
}

/** The answer; undefined when it was refused, which is then done with the right code. */
async function answeredOrRefused(trial: Trial, changes: Partial<ChatRequest>): Promise<Answer | undefined> {
  const request = await trial.chatRequest(changes)
  try {
    return await trial.ask(request)
  } catch (error) {
    const typed = await trial.failure('this chat', Promise.reject(error), request.model)
    demand(
      typed.code === 'unsupported' || typed.code === 'bad-request',
      `a refusal must be \`unsupported\` or \`bad-request\`, not \`${typed.code}\``,
    )
    return undefined
  }
}

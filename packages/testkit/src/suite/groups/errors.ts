import type { ErrorCode, Provider } from '@openmux/core'
import { type ContractCase, check, inScenario, type PlainScenarioName, skipped } from '../cases.js'
import type { ContractOptions } from '../options.js'
import type { ScenarioState } from '../scenarios.js'
import type { Trial } from '../trial.js'
import { demand } from '../violation.js'
import { demandNoLeftovers } from './common.js'

interface Refusal {
  readonly scenario: PlainScenarioName
  readonly name: string
  readonly codes: readonly ErrorCode[]
}

/** What each state of the other side has to become. */
const REFUSALS: readonly Refusal[] = [
  {
    scenario: 'serverDown',
    name: 'a server that is not there is `network`',
    codes: ['network', 'needs-setup'],
  },
  { scenario: 'badKey', name: 'a refused key is `auth`', codes: ['auth'] },
  {
    scenario: 'rateLimited',
    name: 'a rate limit is `rate-limit` or `quota`',
    codes: ['rate-limit', 'quota'],
  },
  {
    scenario: 'overloaded',
    name: 'an overloaded back end is `unavailable`',
    codes: ['unavailable', 'loading'],
  },
  {
    scenario: 'garbledAnswer',
    name: 'an answer that breaks the protocol is `bad-response`',
    codes: ['bad-response', 'truncated'],
  },
]

/** Every failure is typed, complete, and shows no key. */
export function errorsCases(declared: Provider, options: ContractOptions): readonly ContractCase[] {
  const chats = declared.chat !== undefined
  return [
    ...REFUSALS.map((refusal) =>
      inScenario(options, refusal.scenario, refusal.name, (trial, state) =>
        demandRefusal(trial, state, refusal.codes, chats),
      ),
    ),
    chats
      ? inScenario(
          options,
          'tooLongPrompt',
          'a prompt longer than the window is `context-too-long`, not a shortened answer',
          async (trial, state) => {
            const content = state.prompt ?? 'word '.repeat(200_000)
            const request = await trial.chatRequest({
              messages: [{ role: 'user', content }],
              ...(state.model === undefined ? {} : { model: state.model }),
            })
            const { error } = await trial.failedChat(request)
            demand(
              error.code === 'context-too-long',
              `the code must be \`context-too-long\`, it was \`${error.code}\``,
            )
          },
        )
      : skipped('a prompt longer than the window is `context-too-long`', 'the provider has no `chat`'),
    inScenario(options, 'serverDown', 'after a failure the provider works again', async (trial, state) => {
      await demandFailure(trial, state, chats)
      demand(
        state.restore !== undefined,
        'the scenario `serverDown` must return `restore`, so that recovery can be tested',
      )
      await state.restore()
      await (chats ? trial.ask() : trial.embed())
    }),
    check('a failed call leaves nothing on the signal or the clock', async (trial) => {
      const watched = trial.watch()
      const model = trial.options.unknownModel ?? 'openmux-no-such-model'
      const failing = chats
        ? trial.failedChat(await trial.chatRequest({ model }), watched)
        : trial.failure('embed()', trial.embed({ model }, watched), model)
      await failing
      await demandNoLeftovers(watched, 'the failed call')
    }),
    options.secrets === undefined
      ? skipped('a refused key is not quoted in the error', 'no `secrets` were given')
      : inScenario(options, 'badKey', 'a refused key is not quoted in the error', async (trial, state) => {
          // Every error of the suite is searched for keys; servers quote the key when they refuse it.
          await demandFailure(trial, state, chats)
        }),
  ]
}

async function demandRefusal(
  trial: Trial,
  state: ScenarioState,
  codes: readonly ErrorCode[],
  chats: boolean,
): Promise<void> {
  const code = await demandFailure(trial, state, chats)
  demand(
    codes.includes(code),
    `the code must be ${codes.map((allowed) => `\`${allowed}\``).join(' or ')}, it was \`${code}\``,
  )
}

async function demandFailure(trial: Trial, state: ScenarioState, chats: boolean): Promise<ErrorCode> {
  // Not by `models()`: what is not there cannot be asked for its models.
  const model =
    state.model ?? (chats ? trial.options.chatModel : trial.options.embedModel) ?? 'openmux-any-model'
  if (!chats) return (await trial.failure('this embed()', trial.embed({ model }), model)).code
  return (await trial.failedChat(await trial.chatRequest({ model }))).error.code
}

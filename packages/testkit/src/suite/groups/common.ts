import type { ChatEvent, ChatRequest, OpenMuxError } from '@openmux/core'
import { becomes, within } from '../patience.js'
import type { ScenarioState } from '../scenarios.js'
import type { Trial } from '../trial.js'
import { demand } from '../violation.js'
import type { WatchedContext } from '../watched-context.js'

/** Demands that a call which is over has let go of the signal and the clock. */
export async function demandNoLeftovers(watched: WatchedContext, what: string): Promise<void> {
  const { held } = await becomes(200, () => watched.leftovers().length === 0)
  demand(
    held,
    () =>
      `${what} is over but left behind ${watched.leftovers().join(' and ')}. A caller may keep one signal for a ` +
      'thousand calls: remove listeners when you are done, and hand `fetch` a signal of your own, because it does not',
  )
}

/** Demands that the upstream has no exchange of this provider open any more. */
export async function demandUpstreamClosed(trial: Trial, what: string, limitMs: number): Promise<number> {
  const upstream = trial.options.upstream
  if (upstream === undefined) return 0
  const { held, afterMs } = await becomes(Math.max(limitMs, 1_000), () =>
    upstream.requests().every((request) => !request.open),
  )
  demand(
    held,
    `${what}, but its request to the upstream stays open: cancel the body, or the model goes on generating`,
  )
  return afterMs
}

/** Reads events until the first that `wanted` takes; the stream is left where it is. */
export async function readUntil(
  trial: Trial,
  stream: AsyncIterator<ChatEvent>,
  wanted: (event: ChatEvent) => boolean,
  what: string,
): Promise<ChatEvent[]> {
  const events: ChatEvent[] = []
  for (;;) {
    const next = await within(trial.patienceMs, what, stream.next())
    demand(next.done !== true, `the stream ended before ${what}`)
    events.push(next.value)
    if (wanted(next.value)) return events
  }
}

/** Whether an event is a piece of the answer. */
export function isPiece(event: ChatEvent): boolean {
  return event.type === 'text' || event.type === 'reasoning' || event.type === 'tool-call'
}

/** Demands that what is not declared is refused with `unsupported`, before anything is sent. */
export async function demandUnsupported(
  trial: Trial,
  changes: Partial<ChatRequest>,
  what: string,
): Promise<OpenMuxError> {
  const request = await trial.chatRequest(changes)
  const before = trial.options.upstream?.requests().length ?? 0
  const { error } = await trial.failedChat(request)
  demand(
    error.code === 'unsupported',
    `${what} is not declared in \`supports\`, so the request must be refused with \`unsupported\`; the code was \`${error.code}\``,
  )
  const sent = (trial.options.upstream?.requests() ?? [])
    .slice(before)
    .filter((seen) => seen.method === 'POST')
  demand(sent.length === 0, `${what} is not declared in \`supports\`, yet the request was sent`)
  return error
}

/**
 * Demands that an option which is not declared is not passed over in silence: a warning names it,
 * or the request is refused with `unsupported`.
 */
export async function demandWarningOrRefusal(
  trial: Trial,
  changes: Partial<ChatRequest>,
  option: string,
): Promise<void> {
  const request = await trial.chatRequest(changes)
  let warnings
  try {
    warnings = (await trial.ask(request)).warnings
  } catch (error) {
    const typed = await trial.failure('this chat', Promise.reject(error), request.model)
    demand(
      typed.code === 'unsupported',
      `\`${option}\` must give a warning or \`unsupported\`, not \`${typed.code}\``,
    )
    return
  }
  demand(
    warnings.some((warning) => warning.option === option && warning.kind !== 'notice'),
    `\`${option}\` was asked for and is not declared in \`supports\`: put a warning of kind \`ignored-option\` that names it on \`start\``,
  )
}

/**
 * The typed errors with which a chat and an embedding fail, of those that are declared; without `both` only the first
 * that is. Models are not asked for by
 * `models()`, which may fail as well.
 */
export async function failures(
  trial: Trial,
  state: ScenarioState,
  both = true,
): Promise<readonly OpenMuxError[]> {
  const { provider, options } = trial
  const errors: OpenMuxError[] = []
  if (provider.chat !== undefined) {
    const model = state.model ?? options.chatModel ?? 'openmux-any-model'
    const { error, events } = await trial.failedChat(await trial.chatRequest({ model }))
    demand(
      !events.some((event) => event.type === 'finish'),
      '`finish` was yielded before the error: the caller would take the answer for whole',
    )
    errors.push(error)
  }
  const embeds = provider.embed !== undefined && (both || provider.chat === undefined)
  if (embeds) {
    const model = options.embedModel ?? 'openmux-any-model'
    errors.push(await trial.failure('this embed()', trial.embed({ model }), model))
  }
  return errors
}

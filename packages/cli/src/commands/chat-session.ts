import { type ChatInput, type ChatResult, isOpenMuxError, type OpenMuxError } from '@openmux/core'
import { Conversation } from '../chat/conversation.js'
import { EXIT_CODES, exitCodeOfAnswer, type ExitCode } from '../render/exit-codes.js'
import { reportChatError } from '../report-error.js'
import { wrap } from '../render/wrap.js'
import { showControls } from '../terminal/control-characters.js'
import { tellAfterAnswer } from './after-answer.js'
import { printAnswer } from './answer.js'
import type { CommandContext } from './context.js'
import { recording } from './record.js'
import { chatInput } from './request.js'
import { tellUnmetWishes } from './tell-wishes.js'

/** A chat as it stands: what was said, by whose instructions, and the answer under way. */
export class ChatSession {
  conversation = new Conversation()
  system: string | undefined
  model: string | undefined
  lastCode: ExitCode = EXIT_CODES.ok
  readonly #context: CommandContext
  #generation: AbortController | undefined
  #offer: string | undefined
  #answeredBy: string | undefined
  /** Providers that were asked in earlier turns. */
  readonly #known = new Set<string>()

  constructor(context: CommandContext) {
    this.#context = context
    this.system = context.settings.configuration.system
    this.model = context.settings.configuration.model
  }

  get generating(): boolean {
    return this.#generation !== undefined
  }

  /** Whether the answer under way was asked to stop. */
  get stopping(): boolean {
    return this.#generation?.signal.aborted === true
  }

  /** Stops the answer under way. */
  stop(): void {
    this.#generation?.abort()
  }

  /** The line whose answer failed, to be offered again; once. */
  takeOffer(): string | undefined {
    const offer = this.#offer
    this.#offer = undefined
    return offer
  }

  /** One turn. Never throws for a failed answer: it is told, and the line is kept. */
  async say(text: string): Promise<void> {
    const { terminal, interrupts } = this.#context
    const before = this.conversation
    this.conversation = before.asked(text)
    const generation = new AbortController()
    this.#generation = generation
    const signal = AbortSignal.any([generation.signal, interrupts.signal])
    try {
      const openmux = await this.#context.openMux()
      const input = this.#input(signal)
      const result = await recording(this.#context, openmux, input, () =>
        printAnswer(this.#context, openmux, input),
      )
      this.conversation = this.conversation.answered(
        result.text,
        result.finishReason === 'length' ? 'cut' : undefined,
      )
      this.lastCode = exitCodeOfAnswer(result.finishReason)
      this.#tellChange(result)
      await tellUnmetWishes(this.#context, result.decision)
      tellAfterAnswer(this.#context, result)
    } catch (error) {
      if (!isOpenMuxError(error)) throw error
      await this.#failed(error, before, text)
    } finally {
      this.#generation = undefined
    }
    await terminal.out.endLine()
  }

  #input(signal: AbortSignal): ChatInput {
    const {
      model: _model,
      system: _system,
      ...input
    } = chatInput(this.#context, this.conversation.messages(), signal)
    return {
      ...input,
      ...(this.model !== undefined && { model: this.model }),
      ...(this.system !== undefined && { system: this.system }),
    }
  }

  async #failed(error: OpenMuxError, before: Conversation, text: string): Promise<void> {
    const { terminal, interrupts, io, settings, options } = this.#context
    const stopped = error.code === 'aborted'
    const came = error.partial?.text ?? ''
    if (came !== '') this.conversation = this.conversation.answered(came, stopped ? 'stopped' : 'cut')
    else if (io.stdin.isTTY === true) {
      this.conversation = before
      // Put on the prompt again: Enter repeats it. Who stopped it does not want it.
      if (!stopped) this.#offer = text
    }
    for (const { provider } of error.attempts ?? []) this.#known.add(provider)
    const configuration = { ...settings.configuration, model: this.model }
    const { providers } = await this.#context.created()
    this.lastCode = await reportChatError(error, terminal, configuration, providers, options.verbose === true)
    if (stopped) this.lastCode = interrupts.exitCode
  }

  /** In a conversation it matters when somebody else goes on; why is in the decision. */
  #tellChange(result: ChatResult): void {
    const { err } = this.#context.terminal
    const earlier = this.#answeredBy
    const wasKnown = this.#known.has(result.provider)
    this.#answeredBy = result.provider
    for (const { provider } of result.attempts) this.#known.add(provider)
    if (earlier === undefined || earlier === result.provider) return
    // A failed attempt was told when it failed.
    if (result.attempts.length > 1) return
    const cut = result.decision.candidates.find(
      ({ provider, verdict }) => provider === earlier && verdict === 'cut',
    )
    // Without a reason it was not asked: somebody before it answered.
    const line =
      cut === undefined
        ? `${result.provider} ${wasKnown ? 'is back' : 'answers now'}`
        : `${earlier} did not answer this time: ${cut.reasons.join(', ')} → ${result.provider}`
    err.lines(err.colours.notice(wrap(showControls(line), err.width, 2)))
  }
}

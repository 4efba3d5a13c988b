import { Conversation } from '../chat/conversation.js'
import type { LineSource } from '../chat/line-source.js'
import { pipedLines } from '../chat/piped-lines.js'
import { saveConversation } from '../chat/save.js'
import { CHAT_HELP, type ChatLine, readChatLine } from '../chat/slash-commands.js'
import { terminalLines } from '../chat/terminal-lines.js'
import { EXIT_CODES, type ExitCode } from '../render/exit-codes.js'
import { wrap } from '../render/wrap.js'
import { showControls } from '../terminal/control-characters.js'
import { ChatSession } from './chat-session.js'
import type { Command, CommandContext } from './context.js'

/**
 * `openmux chat`: a conversation. Ends with 0 at the end of input or `/exit`; from a pipe, with the
 * code of the last answer. Ctrl-C stops an answer; twice at an empty prompt it ends the chat (130).
 */
export const command: Command = async (context) => {
  const { io, terminal, interrupts, words } = context
  const session = new ChatSession(context)
  const interactive = io.stdin.isTTY === true && terminal.err.isTerminal
  const lines = interactive
    ? terminalLines({
        stdin: io.stdin,
        output: io.stderr,
        prompt: terminal.err.colours.name('› '),
        leaveNote: terminal.err.colours.quiet('press Ctrl-C again to leave'),
        offerNote: terminal.err.colours.quiet('your line is back: Enter sends it again, Ctrl-U clears it'),
        onInterrupt: () => interrupts.raise('SIGINT'),
      })
    : pipedLines(io.stdin)
  let ended = false
  const release = interrupts.takeOver((signal) => {
    if (signal === 'SIGTERM') {
      ended = true
      session.stop()
      lines.interrupted()
    } else if (!session.generating) lines.interrupted()
    else if (session.stopping) interrupts.endNow()
    else session.stop()
  })
  try {
    if (interactive)
      terminal.err.lines(terminal.err.colours.quiet('/help lists the commands, /exit or Ctrl-D leaves.'))
    if (words.length > 0) await session.say(words.join(' '))
    const code = await converse(context, session, lines, interactive, () => ended)
    return interactive || code !== EXIT_CODES.ok ? code : session.lastCode
  } finally {
    release()
    lines.close()
  }
}

async function converse(
  context: CommandContext,
  session: ChatSession,
  lines: LineSource,
  interactive: boolean,
  ended: () => boolean,
): Promise<ExitCode> {
  const { terminal, interrupts } = context
  for (;;) {
    if (ended() || interrupts.signal.aborted) return interrupts.exitCode
    const typed = await lines.next(session.takeOffer())
    terminal.err.noteLineStart()
    if (typed.kind === 'interrupt') return interrupts.exitCode
    if (typed.kind === 'end') {
      // Ctrl-D leaves the cursor behind the prompt.
      if (interactive) terminal.err.lines('')
      return EXIT_CODES.ok
    }
    const line = readChatLine(typed.text)
    if (line.kind === 'exit') return EXIT_CODES.ok
    if (line.kind === 'message') await session.say(line.text)
    else if (line.kind === 'clear' || line.kind === 'system' || line.kind === 'model')
      tellQuietly(context, changed(session, line))
    else if (line.kind === 'help') terminal.err.lines(CHAT_HELP)
    else if (line.kind === 'save')
      tell(context, await saveConversation(session.conversation, line.file, context.io.cwd))
    else if (line.kind === 'wrong') tell(context, line.message)
  }
}

/** Does what a command says, and says what holds from now on. */
function changed(
  session: ChatSession,
  line: Extract<ChatLine, { kind: 'clear' | 'system' | 'model' }>,
): string {
  if (line.kind === 'clear') {
    session.conversation = new Conversation()
    return `conversation forgotten${session.system === undefined ? '' : '; the instructions stay'}`
  }
  const { value } = line
  if (line.kind === 'system') {
    session.system = value
    return value === undefined ? 'no instructions any more' : `instructions: ${value}`
  }
  session.model = value
  return value === undefined ? 'OpenMux chooses the model again' : `answers come from ${value} now`
}

function tellQuietly({ terminal }: CommandContext, text: string): void {
  terminal.err.lines(terminal.err.colours.quiet(wrap(showControls(text), terminal.err.width, 2)))
}

function tell({ terminal }: CommandContext, text: string): void {
  terminal.err.lines(terminal.err.colours.notice(wrap(showControls(text), terminal.err.width, 2)))
}

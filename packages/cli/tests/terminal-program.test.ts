import { stripVTControlCharacters } from 'node:util'
import { type HandlerServer, serveHandlers } from '@openmux/testkit'
import { ollamaDouble } from '@openmux/testkit/ollama'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { eventually } from './support/eventually.js'
import { CTRL_C, CTRL_D, type Process, startAtTerminal, whyNoTerminal } from './support/real-process.js'

interface Chat {
  readonly messages: readonly { readonly role: string; readonly content: string }[]
}

const missing = whyNoTerminal()

describe.skipIf(missing !== undefined)(
  `at a terminal${missing === undefined ? '' : ` (skipped: ${missing})`}`,
  () => {
    const double = ollamaDouble()
    let server: HandlerServer
    let env: Record<string, string>

    beforeAll(async () => {
      server = await serveHandlers(double.handlers)
      env = { OLLAMA_HOST: server.host }
    })
    afterEach(() => {
      double.reset()
      server.reset()
    })
    afterAll(() => server.close())

    const shows = (program: Process, text: string, times = 1): Promise<void> =>
      eventually(() => program.out().split(text).length > times, program.out)
    const atPrompt = (program: Process): Promise<void> =>
      eventually(() => stripVTControlCharacters(program.out()).endsWith('› '), program.out)
    // Without messages it is only a request to load the model.
    const chats = (): readonly Chat[] =>
      server
        .requests()
        .filter(({ path }) => path === '/api/chat')
        .map(({ body }) => JSON.parse(body) as Chat)
        .filter(({ messages }) => messages.length > 0)

    test('no argument opens the chat; Ctrl-D leaves it with 0', async () => {
      double.everyChat({ pieces: ['Hello.'] })
      const program = startAtTerminal([], env)
      await shows(program, '› ')
      program.type('Hi.\r')
      await shows(program, 'Hello.')
      await shows(program, '› ', 2)
      program.type(CTRL_D)
      expect((await program.done).code).toBe(0)
      expect(program.out()).toContain('— ollama/gemma3:4b')
    })

    test('Ctrl-C stops an answer and goes back to the prompt; at the empty prompt a second one ends with 130', async () => {
      double.nextChats({ pieces: ['half of '], ending: 'stall' }, { pieces: ['whole'] })
      const program = startAtTerminal(['chat'], env)
      await shows(program, '› ')
      program.type('one\r')
      await shows(program, 'half of ')
      program.type(CTRL_C)
      await shows(program, 'interrupted')
      program.type('two\r')
      await shows(program, 'whole')
      expect(
        chats()
          .at(-1)
          ?.messages.map(({ content }) => content),
      ).toEqual(['one', 'half of \n[stopped here by the user]', 'two'])
      await shows(program, '1 token')
      await atPrompt(program)
      program.type(CTRL_C)
      await shows(program, 'press Ctrl-C again to leave')
      await atPrompt(program)
      program.type(CTRL_C)
      expect((await program.done).code).toBe(130)
    })

    test('any key takes back the wish to leave', async () => {
      const program = startAtTerminal(['chat'], env)
      await shows(program, '› ')
      program.type(CTRL_C)
      await shows(program, 'press Ctrl-C again to leave')
      program.type('x\u007f')
      program.type(CTRL_C)
      await shows(program, 'press Ctrl-C again to leave', 2)
      program.type(CTRL_D)
      expect((await program.done).code).toBe(0)
    })

    test('a line that was stopped before anything came is not offered again', async () => {
      const gate = double.holdLoads()
      const program = startAtTerminal(['chat'], env)
      await shows(program, '› ')
      program.type('stop me\r')
      await shows(program, 'loading gemma3:4b')
      program.type(CTRL_C)
      await shows(program, 'interrupted')
      await atPrompt(program)
      expect(program.out()).not.toContain('your line is back')
      gate.open()
    })

    test('a message of several lines whose answer failed is offered whole', async () => {
      double.refuse('/api/chat', { status: 500, body: '{"error":"llama runner process has terminated"}' })
      const program = startAtTerminal(['chat', '--model', 'llama3.2:1b'], env)
      await shows(program, '› ')
      program.type('one\rtwo\r')
      await shows(program, 'your line is back')
      double.refuse('/api/chat', undefined)
      double.everyChat({ pieces: ['now it works'] })
      program.type('\r')
      await shows(program, 'now it works')
      expect(chats().at(-1)?.messages).toEqual([{ role: 'user', content: 'one\ntwo' }])
    })

    test('Ctrl-C on a begun line gives up the line only', async () => {
      double.everyChat({ pieces: ['fine'] })
      const program = startAtTerminal(['chat'], env)
      await shows(program, '› ')
      program.type('not this')
      await shows(program, 'not this')
      program.type(CTRL_C)
      await shows(program, '^C')
      program.type('but this\r')
      await shows(program, 'fine')
      expect(chats()[0]?.messages).toEqual([{ role: 'user', content: 'but this' }])
    })

    test('a line whose answer failed is offered again', async () => {
      double.refuse('/api/chat', { status: 500, body: '{"error":"llama runner process has terminated"}' })
      const program = startAtTerminal(['chat', '--model', 'llama3.2:1b'], env)
      await shows(program, '› ')
      program.type('keep me\r')
      await shows(program, 'error')
      await shows(program, 'your line is back: Enter sends it again, Ctrl-U clears it')
      await shows(program, 'keep me', 2)
      double.refuse('/api/chat', undefined)
      double.everyChat({ pieces: ['now it works'] })
      program.type('\r')
      await shows(program, 'now it works')
      expect(chats().at(-1)?.messages).toEqual([{ role: 'user', content: 'keep me' }])
    })

    test('lines pasted together are one message, lines typed ahead are kept', async () => {
      double.nextChats({ pieces: ['first'], ending: 'stall' }, { pieces: ['second'] })
      const program = startAtTerminal(['chat'], env)
      await shows(program, '› ')
      program.type('one\rtwo\r')
      await shows(program, 'first')
      program.type('ahead\r')
      program.type(CTRL_C)
      await shows(program, 'second')
      expect(chats().map(({ messages }) => messages.at(-1)?.content)).toEqual(['one\ntwo', 'ahead'])
    })

    test('one question: Ctrl-C leaves what came and exits 130', async () => {
      double.everyChat({ pieces: ['half of '], ending: 'stall' })
      const program = startAtTerminal(['hi'], env)
      await shows(program, 'half of ')
      program.type(CTRL_C)
      expect((await program.done).code).toBe(130)
      expect(program.out()).toMatch(/half of (?:\^C)?\r\n.*interrupted/s)
    })

    test('a spinner says that the model is being loaded, and goes away', async () => {
      const gate = double.holdLoads()
      double.everyChat({ pieces: ['loaded'] })
      const program = startAtTerminal(['hi'], env)
      await shows(program, 'loading gemma3:4b')
      gate.open()
      await program.done
      // The line is cleared before the answer is written.
      expect(program.out()).toContain('\u001b[2Kloaded\r\n')
    })

    test('control characters of a model are not obeyed, and NO_COLOR is kept', async () => {
      double.everyChat({ pieces: ['\u001b]0;pwned\u0007[bold]x[/bold]'] })
      const program = startAtTerminal(['hi'], { ...env, NO_COLOR: '1' })
      await program.done
      expect(program.out()).toContain('␛]0;pwned␇[bold]x[/bold]')
      // Colour sequences end in m; moving the cursor for the spinner is allowed.
      // oxlint-disable-next-line no-control-regex
      expect(program.out()).not.toMatch(/\u001b\[[\d;]*m/)
    })
  },
)

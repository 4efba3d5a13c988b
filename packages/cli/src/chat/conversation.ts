import type { Message } from '@openmux/core'

/** One turn. `partial` marks an answer that is not whole. */
export interface Turn {
  readonly role: 'user' | 'assistant'
  readonly content: string
  readonly partial?: 'stopped' | 'cut'
}

/** How a partial answer is marked for the model, so that it does not take it for a whole one. */
const MARKS = { stopped: '[stopped here by the user]', cut: '[cut off here]' } as const

/** The history of a chat: what was said, in order. Immutable; every change is a new one. */
export class Conversation {
  readonly turns: readonly Turn[]

  constructor(turns: readonly Turn[] = []) {
    this.turns = turns
  }

  /** With what the user says next. */
  asked(content: string): Conversation {
    return new Conversation([...this.turns, { role: 'user', content }])
  }

  /** With the answer to it. */
  answered(content: string, partial?: Turn['partial']): Conversation {
    return new Conversation([
      ...this.turns,
      { role: 'assistant', content, ...(partial !== undefined && { partial }) },
    ])
  }

  /** As messages of a request. Lines that never got an answer are joined with the next: many models insist on turns. */
  messages(): readonly Message[] {
    const messages: { role: 'user' | 'assistant'; content: string }[] = []
    for (const turn of this.turns) {
      const content = turn.partial === undefined ? turn.content : `${turn.content}\n${MARKS[turn.partial]}`
      const last = messages.at(-1)
      if (last !== undefined && last.role === turn.role) last.content += `\n\n${content}`
      else messages.push({ role: turn.role, content })
    }
    return messages
  }

  /** For `/save`: Markdown for people. */
  toMarkdown(): string {
    return this.turns
      .map(({ role, content, partial }) => {
        const who =
          role === 'user'
            ? 'You'
            : partial === undefined
              ? 'Answer'
              : `Answer (${partial === 'cut' ? 'cut off' : 'stopped'})`
        return `## ${who}\n\n${content}\n`
      })
      .join('\n')
  }

  /** For `/save` into a `.json` file. */
  toJSON(): { readonly turns: readonly Turn[] } {
    return { turns: this.turns }
  }
}

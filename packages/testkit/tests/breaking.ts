import type { CallContext, ChatEvent, ChatRequest, Provider } from '@openmux/core'
import type { GroupName } from '../src/index.js'

type Chat = NonNullable<Provider['chat']>
type Embed = NonNullable<Provider['embed']>

/** One fault an author could make, and the group of the suite that has to name it. */
export interface BrokenProvider {
  readonly fault: string
  readonly caughtBy: GroupName
  /** A piece of the message that tells the author what is wrong. */
  readonly says: RegExp
  readonly breakIt: (provider: Provider) => Provider
}

/** Keys of the scenario options under test; one that must never show. */
export const CANARY = 'canary-key-0123456789abcdef'

export const changeChat =
  (change: (chat: Chat, request: ChatRequest, context: CallContext) => AsyncIterable<ChatEvent>) =>
  (provider: Provider): Provider => {
    const chat = provider.chat as Chat
    return { ...provider, chat: (request, context) => change(chat, request, context) }
  }
export const changeEmbed =
  (change: (embed: Embed, ...call: Parameters<Embed>) => ReturnType<Embed>) =>
  (provider: Provider): Provider => {
    const embed = provider.embed as Embed
    return { ...provider, embed: (request, context) => change(embed, request, context) }
  }
export const mapEvents = (map: (event: ChatEvent) => readonly ChatEvent[]) =>
  changeChat(async function* (chat, request, context) {
    for await (const event of chat(request, context)) yield* map(event)
  })

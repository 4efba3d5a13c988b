import { cp, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import {
  type CallContext,
  type ChatEvent,
  type ChatRequest,
  isOpenMuxError,
  type OpenMuxError,
  type Progress,
  systemClock,
} from '@openmux/core'
import { type HandlerServer, serveHandlers, tinyModelsFolder } from '@openmux/testkit'
import { type HubDouble, hubDouble, type HubDoubleOptions } from '@openmux/testkit/hub'
import { hfLocal, type HfLocalOptions, type HfLocalProvider } from '../src/index.js'

export const CHAT = 'openmux-test/tiny-chat'
export const EMBED = 'openmux-test/tiny-embed'

const cleanups: (() => Promise<unknown>)[] = []

/** Undoes what a test file made; give it to `afterEach`. */
export async function cleanUp(): Promise<void> {
  for (const cleanup of cleanups.splice(0).toReversed()) await cleanup()
}

export function onCleanUp(cleanup: () => Promise<unknown>): void {
  cleanups.push(cleanup)
}

export async function emptyFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'openmux-hf-local-'))
  onCleanUp(() => rm(folder, { recursive: true, force: true }))
  return folder
}

/** A cache that holds the tiny models, as if copied there by hand. */
export async function filledCache(): Promise<string> {
  const folder = await emptyFolder()
  await cp(tinyModelsFolder(), folder, { recursive: true })
  return folder
}

/** A hub with the tiny models over real loopback HTTP, and its storage on a host of its own. */
export async function startHub(
  options: Partial<HubDoubleOptions> = {},
): Promise<{ hub: HubDouble; server: HandlerServer; storage: HandlerServer }> {
  const places: { storage?: string } = {}
  const hub = hubDouble({ models: tinyModelsFolder(), storage: () => places.storage ?? '', ...options })
  const server = await serveHandlers(hub.handlers)
  const storage = await serveHandlers(hub.handlers)
  places.storage = storage.url
  onCleanUp(() => server.close())
  onCleanUp(() => storage.close())
  return { hub, server, storage }
}

/** A provider that sees nothing of this machine's environment and is closed after the test. */
export function provider(options: HfLocalOptions): HfLocalProvider {
  const made = hfLocal({ environment: {}, chatModel: CHAT, embeddingModel: EMBED, threads: 1, ...options })
  onCleanUp(() => made.close())
  return made
}

export interface Watched extends CallContext {
  readonly progress: Progress[]
  readonly control: AbortController
}

export function context(): Watched {
  const control = new AbortController()
  const progress: Progress[] = []
  return {
    control,
    progress,
    signal: control.signal,
    clock: systemClock,
    onProgress: (news) => progress.push(news),
  }
}

export interface Answer {
  readonly text: string
  readonly pieces: readonly string[]
  readonly start: Extract<ChatEvent, { type: 'start' }>
  readonly finish: Extract<ChatEvent, { type: 'finish' }>
}

/** Asks and gathers; fails when the events are not whole. */
export async function ask(
  from: HfLocalProvider,
  question: string,
  more: Partial<ChatRequest> = {},
  watched: CallContext = context(),
): Promise<Answer> {
  const events: ChatEvent[] = []
  const request = { model: CHAT, messages: [{ role: 'user' as const, content: question }], ...more }
  for await (const event of from.chat(request, watched)) events.push(event)
  const start = events.at(0)
  const finish = events.at(-1)
  if (start?.type !== 'start' || finish?.type !== 'finish')
    throw new Error(`not whole: ${JSON.stringify(events)}`)
  const pieces = events.flatMap((event) => (event.type === 'text' ? [event.text] : []))
  return { text: pieces.join(''), pieces, start, finish }
}

/** The typed error a call fails with; an error of any other kind fails the test. */
export async function failureOf(work: Promise<unknown>): Promise<OpenMuxError> {
  try {
    await work
  } catch (error) {
    if (isOpenMuxError(error)) return error
    throw error
  }
  throw new Error('it did not fail')
}

/** Waits until something is so, for at most ten seconds. */
export async function becomes(condition: () => boolean | Promise<boolean>): Promise<void> {
  const until = Date.now() + 10_000
  while (!(await condition())) {
    if (Date.now() > until) throw new Error('it never became so')
    await new Promise((resolve) => setTimeout(resolve, 5))
  }
}

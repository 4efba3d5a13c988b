import type { CallContext, ChatEvent, ChatRequest, Warning } from '@openmux/core'
import { isOpenMuxError } from '@openmux/core'
import { type Arriving, arriving, type CallScope, defined, type StreamAnswer } from '@openmux/http'
import { readRequestOptions } from '../config/request-options.js'
import { chooseContext } from '../context/choose-context.js'
import { type PromptSize, promptSize } from '../context/prompt-size.js'
import { cannotFit, wasShortened } from '../context/shortened-prompt.js'
import { contextTooLong } from '../context/too-long-error.js'
import { type Engine, isLoadedFor } from '../engine.js'
import { failureOfCall } from '../errors/about-model.js'
import { runnerOptions } from '../loading/runner-options.js'
import { can, type ModelFacts } from '../models/model-facts.js'
import { notOllama } from '../server-api.js'
import type { ChatLine } from '../wire/chat-line.js'
import { isInBandError } from '../wire/in-band-error.js'
import { type ChatBody, chatBody, choiceWarnings } from './chat-body.js'
import { ChatEventReader } from './chat-events.js'
import { checkCloudAllowed, checkModelCan } from './check-model.js'
import { cannotThink, thinkingFor } from './thinking.js'

const PATH = '/api/chat'

/** One answer of `POST /api/chat`, loading the model first where it has to be. */
export function chat(engine: Engine, request: ChatRequest, caller: CallContext): Arriving<ChatEvent> {
  const call: { scope?: CallScope } = {}
  // Much may lie in buffers already: nothing of it goes out after the caller has left.
  return arriving(chatBatches(engine, request, caller, call), () => call.scope?.check())
}

/** The events with what arrived together in one batch. */
async function* chatBatches(
  engine: Engine,
  request: ChatRequest,
  caller: CallContext,
  call: { scope?: CallScope },
): AsyncGenerator<readonly ChatEvent[], void, undefined> {
  const scope = (call.scope = engine.scopes.begin(caller, request.model))
  let answer: StreamAnswer | undefined
  let batch: ChatEvent[] = []
  try {
    scope.check()
    const plan = await planChat(engine, request, scope.context)
    const sent = await send(engine, plan, request.model, scope.context)
    answer = sent.answer
    const reader = new ChatEventReader({
      model: request.model,
      servedBy: plan.facts.name,
      warnings: sent.warnings,
      estimatedPromptTokens: plan.size.likely,
      badLine: (line) => badLine(engine, line, request.model, scope.context),
      checkEnd: (line) => checkEnd(plan, line, request.model),
    })
    const lines = answer.ndjson()
    // Also past the finish: the body comes to its end, and the connection can be used again.
    for (;;) {
      let line = lines.nextArrived()
      if (line === undefined) {
        if (batch.length > 0) yield batch
        batch = []
        const step = await lines.next()
        if (step.done === true) break
        line = step.value
      }
      for (const event of reader.read(line)) batch.push(event)
    }
    const cut = reader.cut()
    if (cut !== undefined) throw cut
    engine.catalog.noteLoaded(plan.facts.name, plan.contextTokens, scope.context.clock.now())
  } catch (error) {
    // What stood before the fault was good.
    if (batch.length > 0) yield batch
    // Whatever was known of the model may be the reason: ask anew next time.
    if (isOpenMuxError(error) && error.code !== 'aborted') engine.catalog.forget(request.model)
    throw failureOfCall(error, request.model)
  } finally {
    await answer?.cancel()
    scope.end()
  }
}

/** What a request became: its body, and what its answer is measured against. */
interface ChatPlan {
  readonly facts: ModelFacts
  readonly size: PromptSize
  readonly contextTokens?: number
  readonly body: ChatBody
  readonly warnings: readonly Warning[]
}

async function planChat(engine: Engine, request: ChatRequest, context: CallContext): Promise<ChatPlan> {
  const { settings } = engine
  const wishes = readRequestOptions(request)
  const facts = await engine.catalog.facts(request.model, context)
  checkCloudAllowed(facts, settings.cloudModels, request)
  checkModelCan(request, facts)
  const size = promptSize(request, facts.info.system)
  const thinking =
    wishes.think === undefined
      ? thinkingFor(request.reasoning, facts.info)
      : { think: wishes.think, warnings: [] }
  const keepAlive = wishes.keepAlive ?? settings.keepAlive
  // Built before anything is loaded: a malformed request must not cost a load.
  const decided = defined({ model: facts.name, think: thinking.think, keepAlive, options: wishes.options })
  const body = chatBody(request, decided)
  const contextTokens = facts.hosted
    ? undefined
    : await loadFor(engine, request, { facts, size, body, ...wishes }, context)
  return {
    facts,
    size,
    ...defined({ contextTokens }),
    body:
      contextTokens === undefined ? body : { ...body, options: { ...body.options, num_ctx: contextTokens } },
    warnings: [...thinking.warnings, ...choiceWarnings(request)],
  }
}

/** Chooses the window and sees that the model is in memory with it. */
async function loadFor(
  { settings, loader }: Engine,
  request: ChatRequest,
  plan: { facts: ModelFacts; size: PromptSize; body: ChatBody; contextTokens?: number },
  context: CallContext,
): Promise<number> {
  const { facts, size, body } = plan
  const { info, running } = facts
  const fixed = plan.contextTokens ?? settings.contextTokens ?? wishedContext(body)
  const need = {
    prompt: size.likely,
    thinks: can(info, 'thinking') === true && body.think !== false,
    ...defined({
      answer: request.maxTokens,
      fixed,
      ceiling: settings.maxContextTokens,
      trained: info.contextTokens,
      modelfile: info.modelfileContextTokens,
      running: running?.contextTokens,
    }),
  }
  const wanted = chooseContext(need)
  if (cannotFit(size, wanted))
    throw contextTooLong(request.model, wanted, `it has at least ${size.atLeast} tokens`)
  const { keep_alive: keepAlive } = body
  const wish = {
    model: facts.name,
    calledAs: request.model,
    contextTokens: wanted,
    runnerOptions: runnerOptions(body.options),
    exact: fixed !== undefined,
    embeds: false,
    ...defined({ keepAlive }),
  }
  if (isLoadedFor(facts, wanted) && !loader.isLoading(facts.name)) return wanted
  return (await loader.load(wish, context)) ?? wanted
}

function wishedContext(body: ChatBody): number | undefined {
  const wished = body.options['num_ctx']
  return typeof wished === 'number' ? wished : undefined
}

/** Sends the request; once more without `think` when the server says the model has no thinking. */
async function send(
  { client }: Engine,
  { body, warnings }: ChatPlan,
  model: string,
  context: CallContext,
): Promise<{ answer: StreamAnswer; warnings: readonly Warning[] }> {
  const call = { path: PATH, model, context, timeouts: { headersMs: 0, idleMs: 0 } }
  try {
    return { answer: await client.stream({ ...call, json: body }), warnings }
  } catch (error) {
    if (body.think === undefined || !refusesThinking(error)) throw error
    const { think, ...without } = body
    const all = think === false ? warnings : [...warnings, cannotThink()]
    return { answer: await client.stream({ ...call, json: without }), warnings: all }
  }
}

function refusesThinking(error: unknown): boolean {
  return (
    isOpenMuxError(error) &&
    error.code === 'unsupported' &&
    /does not support thinking/.test(error.upstream?.body ?? error.message)
  )
}

function badLine({ client, settings }: Engine, line: unknown, model: string, context: CallContext) {
  if (isInBandError(line)) return client.failure({ status: 200, body: line, model, path: PATH }, context)
  return notOllama(settings.host, PATH, model)
}

function checkEnd({ size, contextTokens }: ChatPlan, { promptTokens }: ChatLine, model: string): void {
  if (contextTokens === undefined) return
  const evidence = { size, context: contextTokens, ...defined({ evaluated: promptTokens }) }
  if (!wasShortened(evidence)) return
  throw contextTooLong(
    model,
    contextTokens,
    `the server read only ${promptTokens ?? 0} tokens of it, and answered without the rest`,
  )
}

import type { OpenMuxError } from '../errors/openmux-error.js'
import type { Candidate, CutOff, CutRecord } from './candidate.js'
import { floorFacts } from './candidate-facts.js'
import type { BegunRequest } from './knowledge.js'
import type { mayServe, ProviderQuestion } from './provider-candidates.js'

/** What is asked when nobody but a last resort is left. */
type LastQuestion = Omit<ProviderQuestion, 'considered' | 'survey'>

/** It is never known better or worse: how it does must not change what is thought of others. */
const UNNOTED: BegunRequest = {
  firstToken: () => undefined,
  learn: () => undefined,
  settle: () => undefined,
}

/**
 * The model of last resort that may answer, if one may, taken out of `known`; those that may not go to `cut`. Inside
 * every floor like everybody else (`fits`), and besides only for plain words: it stands in for a missing answer, never
 * for one that had begun, and never for a request that was itself refused.
 */
export function lastResortOf(
  known: Map<string, Candidate>,
  question: LastQuestion,
  errors: readonly OpenMuxError[],
  cut: CutRecord[],
  fits: typeof mayServe,
): Candidate | undefined {
  const { clock, deadline } = question.scope
  if (clock.now() >= deadline) return undefined
  const cutOff: CutOff = ({ provider, model = '', code, reason }) => {
    // Whoever did not expect it to answer needs not be told why it does not.
    const record = { provider: provider.id, model, verdict: 'cut', code, reasons: [reason] } as const
    cut.push({ ...record, lastResort: true, notAskedFor: true })
  }
  const why = whyNot(question, errors)
  for (const [name, candidate] of known) {
    const { provider, model, card } = candidate
    known.delete(name)
    if (why !== undefined) cutOff({ provider, model, code: 'unsupported', reason: `${model} ${why}` })
    else if (fits(candidate, { ...question, cutOff })) {
      const reasons = ['asked only when nobody else can answer', card?.lastResort ?? '']
      return { ...candidate, preferred: false, reasons, facts: floorFacts(candidate), unnoted: UNNOTED }
    }
  }
  return undefined
}

/** For people: what keeps every last resort out; undefined when nothing does. */
function whyNot({ routing }: LastQuestion, errors: readonly OpenMuxError[]): string | undefined {
  const { need, lastResort, spoken, givenTask } = routing
  if (lastResort === false) return 'is a last resort, and the request wants none'
  // Only the caller's own word: questions about a program are easily taken for requests to write one.
  if (givenTask === 'code' || need.task === 'embeddings') return 'is a last resort for chat alone'
  const usesTools = spoken?.messages.some(({ role }) => role === 'tool') === true
  if (need.capabilities.length > 0 || usesTools) return 'is a last resort for plain words only'
  if (errors.some(isAboutRequest)) return 'does not answer what was refused'
  if (errors.some(hadBegun)) return 'does not take the place of an answer that had begun'
  return undefined
}

function isAboutRequest({ code, scope }: OpenMuxError): boolean {
  return scope === 'request' || code === 'content-filter' || code === 'context-too-long'
}

/** Blanks alone are no beginning: nobody was given any. */
function hadBegun({ partial }: OpenMuxError): boolean {
  if (partial === undefined) return false
  return partial.text.trim() !== '' || partial.reasoning !== '' || partial.toolCalls.length > 0
}

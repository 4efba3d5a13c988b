import type { Provider } from '@openmux/core'
import type { ContractCase } from './cases.js'
import { abortCases } from './groups/abort.js'
import { brokenAnswersCases } from './groups/broken-answers.js'
import { limitsCases } from './groups/limits.js'
import { keysCases } from './groups/keys.js'
import { prefillCases } from './groups/prefill.js'
import { pricesCases } from './groups/prices.js'
import { probeCases } from './groups/probe.js'
import { chatBasicCases } from './groups/chat-basic.js'
import { chatStreamCases } from './groups/chat-stream.js'
import { closeCases } from './groups/close.js'
import { concurrencyCases } from './groups/concurrency.js'
import { declarationCases } from './groups/declaration.js'
import { embeddingsCases } from './groups/embeddings.js'
import { errorsCases } from './groups/errors.js'
import { jsonCases } from './groups/json.js'
import { lifecycleCases } from './groups/lifecycle.js'
import { modelsCases } from './groups/models.js'
import { readinessCases } from './groups/readiness.js'
import { reasoningCases } from './groups/reasoning.js'
import { seedCases } from './groups/seed.js'
import { toolsCases } from './groups/tools.js'
import { visionCases } from './groups/vision.js'
import type { ContractOptions } from './options.js'

/** The tests of one capability, for what `declared` declares. */
export type CasesOf = (declared: Provider, options: ContractOptions) => readonly ContractCase[]

/** The groups of the suite, in the order they run. */
export const CONTRACT_GROUPS = {
  declaration: declarationCases,
  lifecycle: lifecycleCases,
  readiness: readinessCases,
  models: modelsCases,
  prices: pricesCases,
  'chat-basic': chatBasicCases,
  'chat-stream': chatStreamCases,
  tools: toolsCases,
  json: jsonCases,
  vision: visionCases,
  reasoning: reasoningCases,
  seed: seedCases,
  prefill: prefillCases,
  abort: abortCases,
  errors: errorsCases,
  'broken-answers': brokenAnswersCases,
  limits: limitsCases,
  keys: keysCases,
  embeddings: embeddingsCases,
  concurrency: concurrencyCases,
  probe: probeCases,
  close: closeCases,
} as const satisfies Record<string, CasesOf>

/** The name of a group of the suite. */
export type GroupName = keyof typeof CONTRACT_GROUPS

/** The groups asked for by `options`, with their tests. */
export function contractGroups(
  declared: Provider,
  options: ContractOptions,
): readonly { readonly name: GroupName; readonly cases: readonly ContractCase[] }[] {
  const names = Object.keys(CONTRACT_GROUPS) as GroupName[]
  const wanted = options.groups ?? names
  return names
    .filter((name) => wanted.includes(name))
    .map((name) => ({ name, cases: CONTRACT_GROUPS[name](declared, options) }))
}

export { tinyChatModel, tinyEmbedModel, tinyModelsFolder, type TinyModel } from './models/tiny-models.js'
export { interceptHandlers, type Interceptor } from './server/intercept-handlers.js'
export { type RefusingProxy, refusingProxy } from './server/refusing-proxy.js'
export { SEEN_BODY_LIMIT, type SeenRequest, type Upstream } from './server/seen-request.js'
export { type HandlerServer, serveHandlers, type ServeOptions } from './server/serve-handlers.js'
export { type Answer, collect, summarize } from './suite/answer.js'
export { answerFaults, usageFaults } from './suite/answer-faults.js'
export { checkProvider, type ContractOutcome, type ContractReport } from './suite/check-provider.js'
export type { GroupName } from './suite/groups.js'
export type { ContractOptions, ProviderContractOptions } from './suite/options.js'
export { providerContract } from './suite/provider-contract.js'
export type { ContractRunner, ContractTest } from './suite/runner.js'
export type {
  Arrange,
  ContractScenarios,
  Scenario,
  ScenarioName,
  ScenarioState,
  ScriptedScenario,
} from './suite/scenarios.js'
export { ContractViolation } from './suite/violation.js'
export { type WirePaths, wireScenarios } from './suite/wire-scenarios.js'
export {
  cutAfter,
  failWith,
  type Fault,
  type FaultOptions,
  stallAfter,
  withFaults,
} from './scripted/faults.js'
export { type ManualClock, manualClock } from './scripted/manual-clock.js'
export type { Script, ScriptedError, Scripts, ScriptStep } from './scripted/script.js'
export {
  type ScriptedOptions,
  type ScriptedProvider,
  scriptedProvider,
} from './scripted/scripted-provider.js'
export { streamBody, type StreamEnding } from './server/stream-body.js'

export type { ArrivingIterator } from './contract/arriving.js'
export type { CallContext } from './contract/call-context.js'
export type { Capabilities, Capability } from './contract/capabilities.js'
export type {
  ChatEvent,
  FinishEvent,
  ReasoningEvent,
  StartEvent,
  TextEvent,
  ToolCallEvent,
} from './contract/chat-event.js'
export type { ChatRequest, GenerationOptions, ReasoningEffort } from './contract/chat-request.js'
export { type Clock, systemClock } from './contract/clock.js'
export type { DiscoveredModel, Discovery, DiscoverOptions, ModelServer } from './contract/discovery.js'
export type { EmbedRequest, EmbedResponse } from './contract/embed-request.js'
export { type EmbeddingSpace, embeddingSpaceId, sameSpace } from './contract/embedding-space.js'
export type { FinishReason } from './contract/finish-reason.js'
export type { Lifecycle, LifecycleStage } from './contract/lifecycle.js'
export type { LimitReport, LimitRule, LimitScope, LimitWindow } from './contract/limit.js'
export type { Locality } from './contract/locality.js'
export type { ImagePart, Message, TextPart, ToolCall, UserPart } from './contract/message.js'
export type { ModelCard, ModelState } from './contract/model-card.js'
export type { ModelChoice, ModelNeed } from './contract/model-choice.js'
export type { Price } from './contract/price.js'
export {
  EVIDENCE_LIMIT,
  PROBE_VERDICTS,
  type ProbeBelief,
  type ProbeCheck,
  type ProbeOptions,
  type ProbeVerdict,
} from './contract/probe.js'
export type { Progress } from './contract/progress.js'
export type { Provider } from './contract/provider.js'
export type { Readiness } from './contract/readiness.js'
export type { ResponseFormat } from './contract/response-format.js'
export { type Task, TASKS } from './contract/task.js'
export type { JsonSchema, Tool, ToolChoice } from './contract/tool.js'
export type { Usage } from './contract/usage.js'
export type { Warning } from './contract/warning.js'
export {
  ERROR_CODES,
  type ErrorCode,
  type ErrorCodeEntry,
  type ErrorScope,
  type Fault,
  type NextStep,
  type TimeoutPhase,
} from './errors/error-codes.js'
export {
  isOpenMuxError,
  OpenMuxError,
  type OpenMuxErrorOptions,
  type UpstreamAnswer,
  UPSTREAM_BODY_LIMIT,
} from './errors/openmux-error.js'
export type { PartialAnswer } from './errors/partial-answer.js'
export { redact } from './errors/redact.js'
export type { Attempt, FollowedBy } from './contract/attempt.js'
export type { CandidateRecord, DecisionRecord, DecisionRules, Verdict } from './contract/decision.js'
export type { Timeouts } from './contract/timeouts.js'
export { createLedger } from './ledger/create-ledger.js'
export type { Cooldown, CooldownArea } from './ledger/cooldowns.js'
export type { AllowanceForecast, BreakerForecast, CooldownForecast, Forecast } from './ledger/forecast.js'
export type {
  Claim,
  HandOver,
  Ledger,
  LedgerOptions,
  LedgerState,
  Measured,
  Outcome,
} from './ledger/ledger.js'
export type { LedgerKeeper, LedgerKeeping } from './ledger/ledger-keeper.js'
export type { Performance, Spread } from './ledger/performance.js'
export type { Obstacle, Standing } from './ledger/standing.js'
export type { Target } from './ledger/target.js'
export type { OpenMuxListener } from './observe/emitter.js'
export type {
  AnswerResumed,
  AttemptEnded,
  AttemptStarted,
  CacheUsed,
  FirstToken,
  LimitLearned,
  OpenMuxEvent,
  OpenMuxEventType,
  RequestEnded,
  RequestStarted,
} from './observe/event.js'
export type { OnBreak } from './run/rescue.js'
export type { ChatInput, RoutingOptions } from './orchestrator/chat-input.js'
export { createOpenMux } from './orchestrator/create-openmux.js'
export type { EmbedInput } from './orchestrator/embed-input.js'
export type { OpenMux, OpenMuxOptions } from './orchestrator/openmux.js'
export type { SpaceStatement, StatedSpaces } from './plan/space-statement.js'
export type {
  ChatResult,
  ChatStream,
  ChatStreamEvent,
  EmbedResult,
  ListedModel,
  ModelListing,
  Provenance,
  ProviderReport,
  ResumedEvent,
} from './orchestrator/results.js'
export type { Classification, Classifier, ClassifierRequest } from './classify/classification.js'
export type { ForecastOptions } from './orchestrator/openmux.js'
export type { Floors, PolicyName, PolicyOptions, Weights } from './plan/policies.js'
export type { HistoryPolicy } from './plan/shorten-history.js'
export type { OnlineReport } from './run/connectivity.js'

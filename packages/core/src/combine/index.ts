export { combine, type CombinedResult, type MemberEvent } from './combine.js'
export { CombineFailure } from './combine-failure.js'
export { type CombineChatOptions, type CombiningMux } from './combine-request.js'
export { DEFAULT_MAX_CALLS } from './combine-options.js'
export {
  combineStream,
  type CombineFinish,
  type CombineStream,
  type CombineStreamEvent,
} from './combine-stream.js'
export {
  COMBINE_STRATEGIES,
  type CombineStrategy,
  type JudgeReport,
  type MemberOutcome,
  type MemberReport,
} from './combined.js'
export type { VoteCount } from './vote.js'

export {
  replay,
  type ReplayConfig,
  type Replayed,
  type ReplayedCandidate,
  type ReplayReport,
} from './replay.js'
export {
  readReplayable,
  type ReplayableCandidate,
  type ReplayableDecision,
  type ReplayRules,
} from './replayable.js'

export { type Counters, createCounters, type TargetCounters } from './counters.js'
export { type Logger, logLine, type LogLevel, logTo } from './log-line.js'

import type { OpenMuxEvent } from './event.js'

/** How loud a line is, in the words most loggers share. */
export type LogLevel = 'debug' | 'info' | 'warn' | 'error'

/** Takes lines: `console`, pino and winston fit as they are. */
export type Logger = Readonly<Record<LogLevel, (message: string) => unknown>>

/** A listener that writes one line an event: `openmux.on(logTo(console))`. No prompts, no answers, no keys. */
export function logTo(logger: Logger): (event: OpenMuxEvent) => void {
  return (event) => {
    const { level, text } = logLine(event)
    logger[level](`openmux ${event.request} ${text}`)
  }
}

/** Pure: an event as one line for people, and how loud it is. */
export function logLine(event: OpenMuxEvent): { readonly level: LogLevel; readonly text: string } {
  switch (event.type) {
    case 'request-started':
      return { level: 'debug', text: `${event.task} request (${event.taskReason})` }
    case 'attempt-started':
      return { level: 'debug', text: `asking ${event.provider}/${event.model}` }
    case 'first-token':
      return {
        level: 'debug',
        text: `first token from ${event.provider}/${event.model} after ${event.afterMs} ms`,
      }
    case 'attempt-ended': {
      const { provider, model, outcome, code, message, durationMs, followedBy } = event.attempt
      if (outcome !== 'failed')
        return { level: 'debug', text: `${provider}/${model} ${outcome} after ${durationMs} ms` }
      const then =
        followedBy === undefined
          ? ''
          : followedBy.move === 'retry'
            ? `; again in ${followedBy.waitMs} ms`
            : `; next ${followedBy.provider}/${followedBy.model}`
      return {
        level: 'warn',
        text: `${provider}/${model} failed after ${durationMs} ms (${code ?? ''}): ${message ?? ''}${then}`,
      }
    }
    case 'answer-resumed':
      return {
        level: 'info',
        text: `continued by ${event.provider}/${event.model} (${event.by}${event.discarded ? ', begun anew' : ''})`,
      }
    case 'limit-learned':
      return {
        level: 'debug',
        text: `${event.provider} has ${event.limit.remaining ?? '?'} of ${event.limit.limit ?? '?'} ${event.limit.unit} left`,
      }
    case 'cache-hit':
      return { level: 'debug', text: 'answered from the cache' }
    case 'cache-stored':
      return { level: 'debug', text: 'kept in the cache' }
    case 'request-ended':
      return {
        level: event.outcome === 'failed' ? 'error' : 'info',
        text: `${event.outcome}${event.provider === undefined ? '' : ` by ${event.provider}/${event.model ?? ''}`} after ${event.durationMs} ms, ${event.attempts} attempt${event.attempts === 1 ? '' : 's'}${event.code === undefined ? '' : ` (${event.code})`}`,
      }
  }
}

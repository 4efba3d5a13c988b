import type { ChatResult, EmbedResult } from '@openmux/core'
import { showControls } from '../terminal/control-characters.js'
import { agoText } from './moments.js'
import { counted, duration } from './quantities.js'

/** `— ollama/llama3.2:1b, 1.2 s, 45 tokens`: where an answer came from; with `by …`, who computed it there. */
export function closingLine(result: ChatResult): string {
  const { usage, servedBy, cached } = result
  if (cached !== undefined)
    return `— ${showControls(`${target(result)}, kept ${agoText(cached.storedAt, Date.now())}`)} (--no-cache asks anew)`
  const about = usage?.estimated === true ? 'about ' : ''
  const tokens = usage === undefined ? [] : [`${about}${counted(usage.outputTokens, 'token')}`]
  const who = servedBy === undefined ? target(result) : `${target(result)} by ${servedBy}`
  return `— ${showControls([who, duration(result.durationMs), ...tokens].join(', '))}`
}

/** What is told of an answer that came from the last candidate of the plan: it must not be taken for a real one. */
export function lastResortLine(by: {
  readonly provider?: string
  readonly model?: string
  readonly lastResort: string
}): string {
  const { provider, model, lastResort } = by
  const who =
    provider === undefined ? '' : ` (${target({ provider, ...(model !== undefined && { model }) })})`
  return `— answered by ${showControls(`${lastResort}${who}`)}, not by a real model; \`openmux providers\` says what is missing`
}

/** `— ollama/all-minilm, 80 ms, 2 vectors of 384 numbers`. */
export function closingLineOfVectors(result: EmbedResult): string {
  const size = `${counted(result.vectors.length, 'vector')} of ${result.space.dimensions} numbers`
  return `— ${showControls([target(result), duration(result.durationMs), size].join(', '))}`
}

/** `provider/model`. */
export function target({ provider, model }: { readonly provider: string; readonly model?: string }): string {
  return model === undefined ? provider : `${provider}/${model}`
}

import type { ChatResult, EmbedResult } from '@openmux/core'
import { showControls } from '../terminal/control-characters.js'
import { counted, duration } from './quantities.js'

/** `— ollama/llama3.2:1b, 1.2 s, 45 tokens`: where an answer came from. */
export function closingLine(result: ChatResult): string {
  const { usage } = result
  const about = usage?.estimated === true ? 'about ' : ''
  const tokens = usage === undefined ? [] : [`${about}${counted(usage.outputTokens, 'token')}`]
  return `— ${showControls([target(result), duration(result.durationMs), ...tokens].join(', '))}`
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

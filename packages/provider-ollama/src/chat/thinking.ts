import type { ReasoningEffort, Warning } from '@openmux/core'
import { can } from '../models/model-facts.js'
import type { OllamaModelInfo } from '../wire/show.js'

/** What is sent as `think`, and what the caller has to know about it. */
export interface Thinking {
  /** Absent: not sent. */
  readonly think?: boolean | string
  readonly warnings: readonly Warning[]
}

/** Families that think in levels and cannot be told not to (docs/capabilities/thinking.mdx: gpt-oss). */
const LEVEL_FAMILIES: readonly string[] = ['gptoss', 'gpt-oss']

/**
 * An effort in the server's words. Models that think in levels get the level; others only know on
 * and off. A model without thinking is asked for none, and an effort it cannot make gives a warning.
 * Absent: nothing is sent, and a thinking model thinks.
 */
export function thinkingFor(effort: ReasoningEffort | undefined, info: OllamaModelInfo): Thinking {
  if (effort === undefined) return { warnings: [] }
  const thinks = can(info, 'thinking')
  if (thinks === false) return effort === 'off' ? { warnings: [] } : { warnings: [cannotThink()] }
  const byLevel =
    LEVEL_FAMILIES.includes(info.family ?? '') || LEVEL_FAMILIES.includes(info.architecture ?? '')
  if (byLevel)
    return effort === 'off'
      ? { think: 'low', warnings: [adjusted('thinks always; the lowest level was asked for')] }
      : { think: effort, warnings: [] }
  if (effort === 'off') return { think: false, warnings: [] }
  return {
    think: true,
    warnings: effort === 'medium' ? [] : [adjusted('thinks or does not; it has no levels')],
  }
}

/** The warning for an effort that the model cannot make. */
export function cannotThink(): Warning {
  return {
    kind: 'ignored-option',
    option: 'reasoning',
    message: 'This model does not think before it answers.',
  }
}

function adjusted(what: string): Warning {
  return { kind: 'adjusted-option', option: 'reasoning', message: `This model ${what}.` }
}

import type { OllamaModelInfo } from '../wire/show.js'

/** What is known of one model when a request for it begins. */
export interface ModelFacts {
  /** As the server writes it, with its tag; as the caller wrote it when the server does not list it. */
  readonly name: string
  /** Identity of the weights. */
  readonly digest?: string
  readonly info: OllamaModelInfo
  /** Runs on somebody else's machine: never loaded here. */
  readonly hosted: boolean
  /** The instance in memory, when there is one. */
  readonly running?: { readonly contextTokens?: number }
  /** When the server said so, ms since 1970. */
  readonly checkedAt: number
}

/** Whether the model can do something; undefined when the server does not tell. */
export function can(info: OllamaModelInfo, capability: string): boolean | undefined {
  return info.capabilities?.includes(capability)
}

/** Whether a conversation's last assistant message is continued: the template leaves it open (server/prompt.go). */
export function continuesAssistant(info: OllamaModelInfo): boolean | undefined {
  if (info.template === undefined) return undefined
  return /\$last|\.Last\b|if\s+not\s+\(?eq\s+\(len/.test(info.template)
}

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

/**
 * Whether a conversation's last assistant message is continued: the template leaves it open. Templates without
 * `.Messages` always do, they end where `.Response` stands or is appended; others ask for the last message themselves
 * (Ollama v0.24.0 template/template.go, Parse and Execute [verified]). A renderer of the server's own stands in place of
 * the template (server/prompt.go), and what it does is not told: that is no promise.
 */
export function continuesAssistant({ template, renderer }: OllamaModelInfo): boolean | undefined {
  if (renderer !== undefined) return false
  if (template === undefined) return undefined
  return !template.includes('.Messages') || /\$last|\.Last\b|if\s+not\s+\(?eq\s+\(len/.test(template)
}

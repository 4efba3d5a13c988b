import type { Tool } from '../contract/tool.js'

/** How models write tool calls that their server did not recognise as such. Each has the name of the tool in group 1. */
const SHAPES: readonly RegExp[] = [
  // Qwen, Hermes and others
  /<tool_call>\s*\{[^<]*?"name"\s*:\s*"([^"]+)"/,
  /<function=([\w.-]+)>/,
  // Mistral
  /\[TOOL_CALLS\]\s*\[?\s*\{?[^\]]*?"name"\s*:\s*"([^"]+)"/,
  /\[TOOL_CALLS\]\s*([\w.-]+)/,
  // Llama 3.1
  /<\|python_tag\|>\s*(?:\{[^}]*?"name"\s*:\s*"([^"]+)"|([\w.]+)\()/,
  // An object with a name and arguments, and nothing else
  /^\s*(?:```(?:json)?\s*)?\{\s*"name"\s*:\s*"([^"]+)"\s*,\s*"(?:arguments|parameters)"\s*:/,
]

/** Longest beginning of a text that is looked at: a call that is meant stands there. */
const LOOKED_AT = 4_000

/** Pure: the offered tool whose call stands in the text instead of beside it; undefined when there is none. */
export function leakedToolCall(text: string, tools: readonly Tool[] | undefined): string | undefined {
  if (tools === undefined || tools.length === 0) return undefined
  const head = text.slice(0, LOOKED_AT)
  for (const shape of SHAPES) {
    const found = shape.exec(head)
    const name = found?.slice(1).find((group) => group !== undefined)
    // Only a tool that was offered: text about tool calls is text.
    if (name !== undefined && tools.some((tool) => tool.name === name)) return name
  }
  return undefined
}

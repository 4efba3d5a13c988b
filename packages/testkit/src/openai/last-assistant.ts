import { listOf, objectOf, type Received } from '../server/received-json.js'
import { refuse } from './request-refusals.js'

/**
 * What servers of this format make of an assistant message at the end of a conversation.
 * - `answered`: it is a turn like the others, a new one follows (OpenAI).
 * - `continued`: it is the beginning of the answer (Groq, console.groq.com/docs/prefilling; llama.cpp,
 *   ggml-org/llama.cpp tools/server/README.md `--prefill-assistant`).
 * - `flagged`: it is continued when `continue_final_message` says so and `add_generation_prompt` is off, else
 *   answered (vllm-project/vllm#8942).
 */
export type LastAssistant = 'answered' | 'continued' | 'flagged'

/** The beginning that the answer goes on from; undefined: it begins anew. */
export function continuation(body: Received, manner: LastAssistant): string | undefined {
  const beginning = lastAssistantText(body)
  if (manner === 'answered' || beginning === undefined) return undefined
  const flagged = body['continue_final_message'] === true && body['add_generation_prompt'] === false
  return manner === 'continued' || flagged ? beginning : undefined
}

/** What is said after a beginning: the rest of the known answer, where it begins so. */
export function restAfter(beginning: string, known: string | undefined): string {
  return known?.startsWith(beginning) === true ? known.slice(beginning.length) : ' and so it goes on.'
}

/** What is refused of a conversation that ends with an assistant message, and of the flags for it. */
export function refusalOfPrefill(
  body: Received,
  manner: LastAssistant,
  refuses: boolean,
): Response | undefined {
  if (refuses && lastAssistantText(body) !== undefined) {
    // ggml-org/llama.cpp#21889. Captured.
    return refuse(400, 'Assistant response prefill is incompatible with enable_thinking.')
  }
  const asked = body['continue_final_message']
  if (asked === undefined || manner === 'continued') return undefined
  // OpenAI knows no such parameter and says so.
  if (manner === 'answered') {
    return refuse(400, 'Unrecognized request argument supplied: continue_final_message', null, null)
  }
  // vllm-project/vllm vllm/entrypoints/openai/protocol.py, check_generation_prompt; the default of the other flag is true.
  return asked === true && body['add_generation_prompt'] !== false
    ? refuse(400, 'Cannot set both `continue_final_message` and `add_generation_prompt` to True.')
    : undefined
}

function lastAssistantText(body: Received): string | undefined {
  const last = objectOf(listOf(body['messages']).at(-1))
  const isText = last['role'] === 'assistant' && typeof last['content'] === 'string'
  return isText && listOf(last['tool_calls']).length === 0 ? String(last['content']) : undefined
}

import OpenAI from 'openai'

/** An answer as the `openai` client reads it, in our words. */
export interface ClientAnswer {
  readonly text: string
  readonly toolCalls: readonly { readonly name: string; readonly arguments: string }[]
  readonly finish: string | undefined
  readonly usage: { readonly inputTokens: number; readonly outputTokens: number } | undefined
}

/** The real client, without retries of its own. */
export function openaiClient(baseURL: string, apiKey: string): OpenAI {
  return new OpenAI({ baseURL, apiKey, maxRetries: 0, timeout: 5_000, logLevel: 'off' })
}

/** Streams, or asks for the whole, and puts pieces together as the client's documentation says: calls by their index. */
export async function readByClient(client: OpenAI, model: string, stream: boolean): Promise<ClientAnswer> {
  const body = { model, messages: [{ role: 'user' as const, content: 'Say hello.' }] }
  const calls: { name: string; arguments: string }[] = []
  let text = ''
  let finish: string | undefined
  let usage: OpenAI.CompletionUsage | undefined
  if (stream) {
    const options = { ...body, stream: true as const, stream_options: { include_usage: true } }
    for await (const chunk of await client.chat.completions.create(options)) {
      usage = chunk.usage ?? usage
      const choice = chunk.choices[0]
      text += choice?.delta.content ?? ''
      finish ??= choice?.finish_reason ?? undefined
      for (const call of choice?.delta.tool_calls ?? []) {
        const known = (calls[call.index] ??= { name: '', arguments: '' })
        known.name += call.function?.name ?? ''
        known.arguments += call.function?.arguments ?? ''
      }
    }
  } else {
    const answer = await client.chat.completions.create({ ...body, stream: false })
    const choice = answer.choices[0]
    text = choice?.message.content ?? ''
    finish = choice?.finish_reason
    usage = answer.usage
    for (const call of choice?.message.tool_calls ?? [])
      if (call.type === 'function') calls.push(call.function)
  }
  return {
    text,
    toolCalls: calls.map((call) => ({ name: call.name, arguments: call.arguments })),
    finish: finish?.replace('_', '-'),
    usage:
      usage == null ? undefined : { inputTokens: usage.prompt_tokens, outputTokens: usage.completion_tokens },
  }
}

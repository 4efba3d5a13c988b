import OpenAI from 'openai'

/** An answer as the `openai` client reads it, in our words. */
export interface ClientAnswer {
  readonly text: string
  readonly reasoning: string
  readonly toolCalls: readonly {
    readonly id: string | undefined
    readonly name: string
    readonly arguments: string
  }[]
  /** Absent: none came. */
  readonly finish?: string
  readonly usage?: { readonly inputTokens: number; readonly outputTokens: number }
}

export function openaiClient(baseURL: string, apiKey: string): OpenAI {
  return new OpenAI({ baseURL, apiKey, maxRetries: 0, timeout: 5_000, logLevel: 'off' })
}

const BODY = { model: 'double-chat', messages: [{ role: 'user' as const, content: 'Say hello.' }] }

type Delta = OpenAI.ChatCompletionChunk.Choice.Delta & { reasoning_content?: string; reasoning?: string }

/** Streams and puts the pieces together as the client's documentation says: calls by their index. */
export async function streamedByClient(
  client: OpenAI,
  more: object = {},
  signal?: AbortSignal,
): Promise<ClientAnswer> {
  const body = { ...BODY, ...more, stream: true as const, stream_options: { include_usage: true } }
  const stream = await client.chat.completions.create(body, signal === undefined ? {} : { signal })
  const calls: { id: string | undefined; name: string; arguments: string }[] = []
  let [text, reasoning] = ['', '']
  let finish: string | undefined
  let usage: OpenAI.CompletionUsage | undefined
  for await (const chunk of stream) {
    usage = chunk.usage ?? usage
    const choice = chunk.choices[0]
    if (choice === undefined) continue
    const delta: Delta = choice.delta
    text += delta.content ?? ''
    reasoning += delta.reasoning_content ?? delta.reasoning ?? ''
    for (const call of delta.tool_calls ?? []) {
      const known = (calls[call.index] ??= { id: call.id, name: '', arguments: '' })
      known.name += call.function?.name ?? ''
      known.arguments += call.function?.arguments ?? ''
    }
    finish ??= choice.finish_reason ?? undefined
  }
  return { text, reasoning, toolCalls: calls, ...rest(finish, usage) }
}

/** Asks for a whole answer. */
export async function readByClient(client: OpenAI, more: object = {}): Promise<ClientAnswer> {
  const { choices, usage } = await client.chat.completions.create({ ...BODY, ...more, stream: false })
  const choice = choices[0]
  if (choice === undefined) throw new Error('no choice')
  const message: typeof choice.message & { reasoning_content?: string; reasoning?: string } = choice.message
  return {
    text: message.content ?? '',
    reasoning: message.reasoning_content ?? message.reasoning ?? '',
    toolCalls: (message.tool_calls ?? []).flatMap((call) =>
      call.type === 'function' ? [{ id: call.id, ...call.function }] : [],
    ),
    ...rest(choice.finish_reason ?? undefined, usage),
  }
}

function rest(
  finish: string | undefined,
  usage: OpenAI.CompletionUsage | undefined,
): Pick<ClientAnswer, 'finish' | 'usage'> {
  return {
    ...(finish === undefined ? {} : { finish: finish.replace('_', '-') }),
    ...(usage == null
      ? {}
      : { usage: { inputTokens: usage.prompt_tokens, outputTokens: usage.completion_tokens } }),
  }
}

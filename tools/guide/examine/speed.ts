import { createOpenMux } from '@openmux/core'
import { modelNano } from '@openmux/model-nano'
import { hfLocal } from '@openmux/provider-hf-local'

/** How fast the guide is on this machine. */
export interface Speed {
  /** From a fresh start to the first piece of the first answer: worker, runtime, weights, prompt. ms. */
  readonly coldFirstTokenMs: number
  /** From the question to the first piece, loaded; the median of ten. ms. */
  readonly firstTokenMs: number
  /** While an answer is written; the median of ten. */
  readonly tokensPerSecond: number
}

/** The marks. Loading is what a cold first token takes longer than a warm one. */
export const SPEED_MARKS = { loadMs: 1_000, firstTokenMs: 300, tokensPerSecond: 30 } as const

const QUESTIONS = [
  'How do I use my Ollama with this?',
  'What is failover?',
  'Where do I put my key?',
  'hello',
  'what does rate-limit mean',
]

export async function measureSpeed(folder = modelNano.model): Promise<Speed> {
  await using mux = createOpenMux({
    providers: [hfLocal({ models: [folder], offline: true, environment: {} })],
  })
  const ask = async (question: string): Promise<{ first: number; rate: number }> => {
    const began = performance.now()
    const stream = mux.stream({ messages: [{ role: 'user', content: question }], model: folder })
    let first: number | undefined
    for await (const piece of stream.textStream()) if (piece !== '') first ??= performance.now()
    const end = performance.now()
    const { usage } = await stream.result()
    const firstAt = first ?? end
    return { first: firstAt - began, rate: ((usage?.outputTokens ?? 0) - 1) / ((end - firstAt) / 1_000) }
  }
  const cold = await ask(QUESTIONS[0] ?? '')
  const warm = []
  for (const question of [...QUESTIONS, ...QUESTIONS]) warm.push(await ask(question))
  return {
    coldFirstTokenMs: cold.first,
    firstTokenMs: median(warm.map(({ first }) => first)),
    tokensPerSecond: median(warm.map(({ rate }) => rate)),
  }
}

function median(values: readonly number[]): number {
  return values.toSorted((one, other) => one - other)[Math.floor(values.length / 2)] ?? Number.NaN
}

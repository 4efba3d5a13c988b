import type { Random } from './random.ts'
import type { Step } from './script.ts'

export const UTF8 = new TextEncoder()

/** A text as packets that end anywhere, with pauses no longer than a thoughtful model makes. */
export function packets(text: string, random: Random, ends = true): Step[] {
  return [...split(UTF8.encode(text), random), ...(ends ? [{ do: 'end' } as const] : [])]
}

/** Bytes in packets of any size. */
export function split(bytes: Uint8Array, random: Random): Step[] {
  const steps: Step[] = []
  const longest = random.pick([300, 2_000, 9_000])
  const pause = random.chance(0.4) ? 0.3 : 0
  for (let at = 0; at < bytes.length;) {
    const length = random.between(1, longest)
    steps.push({ do: 'send', bytes: bytes.subarray(at, at + length) })
    if (random.chance(pause)) steps.push({ do: 'wait', ms: random.between(5, 2_500) })
    at += length
  }
  return steps
}

/** Signs of life and nothing else. */
export function comments(): readonly Step[] {
  const steps: Step[] = []
  for (let minute = 0; minute < 120; minute += 1)
    steps.push({ do: 'send', bytes: UTF8.encode(': PROCESSING\n\n') }, { do: 'wait', ms: 5_000 })
  return steps
}

/** Bytes that are neither UTF-8 nor anything else. */
export function noise(random: Random): Uint8Array {
  return Uint8Array.from({ length: random.between(1, 200) }, () => random.between(0, 255))
}

/** `1.2 s`, `340 ms`, `2 min 5 s`. */
export function duration(ms: number): string {
  if (ms < 1_000) return `${Math.round(ms)} ms`
  if (ms < 99_950) return `${(ms / 1_000).toFixed(1)} s`
  const seconds = Math.round(ms / 1_000)
  return `${Math.floor(seconds / 60)} min ${seconds % 60} s`
}

const UNITS = ['B', 'kB', 'MB', 'GB', 'TB'] as const

/** `181 MB`, `1.3 GB`: decimal units, as download pages use them. */
export function bytes(count: number): string {
  let value = count
  let unit = 0
  while (value >= 999.5 && unit < UNITS.length - 1) {
    value /= 1_000
    unit += 1
  }
  const digits = value >= 10 || unit === 0 ? 0 : 1
  return `${value.toFixed(digits)} ${UNITS[unit] ?? ''}`
}

/** `270M`, `7.6B`: numbers of weights as the field writes them. */
export function weights(count: number): string {
  if (count >= 1e9) return `${trimmed(count / 1e9)}B`
  if (count >= 1e6) return `${trimmed(count / 1e6)}M`
  return `${trimmed(count / 1e3)}k`
}

function trimmed(value: number): string {
  return value >= 100 ? value.toFixed(0) : value.toFixed(1).replace(/\.0$/, '')
}

/** `1 token`, `45 tokens`. */
export function counted(count: number, one: string, many = `${one}s`): string {
  return `${count} ${count === 1 ? one : many}`
}

/** One line of the table. */
export interface Row {
  readonly what: string
  readonly measured: string
  /** The target of the design, absent for rows that only give context. */
  readonly target?: string
  readonly met?: boolean
}

/** Microseconds or milliseconds, whichever reads better. */
export function time(us: number): string {
  return us < 1_000 ? `${us.toFixed(us < 10 ? 1 : 0)} µs` : `${(us / 1_000).toFixed(us < 10_000 ? 2 : 1)} ms`
}

/** A row for how many times as much as somebody else. */
export function ratio(what: string, value: number, atMost: number): Row {
  return { what, measured: `${value.toFixed(2)} ×`, target: `≤ ${atMost} ×`, met: value <= atMost }
}

/** The table in Markdown. */
export function table(rows: readonly Row[]): string {
  const lines = rows.map(({ what, measured, target = '', met }) => {
    const verdict = met === undefined ? '' : met ? 'met' : '**not met**'
    return `| ${what} | ${measured} | ${target} | ${verdict} |`
  })
  return ['| what | measured | target | |', '| --- | --- | --- | --- |', ...lines].join('\n')
}

/** The first of the next month, 00:00 UTC, ms since 1970: when the monthly credits are renewed (hub-docs inference-providers/pricing.md says "monthly"; the exact hour is not documented). */
export function nextMonth(now: number): number {
  const day = new Date(now)
  return Date.UTC(day.getUTCFullYear(), day.getUTCMonth() + 1, 1)
}

/** `now`, `in 12 s`, `in 3 min`, `in 5 h 12 min (18:40)`, `on 1 Dec at 00:00`: a moment as somebody who waits for it wants it. Local time. */
export function moment(at: number, now: number): string {
  const left = at - now
  if (left <= 0) return 'now'
  if (left < 60_000) return `in ${Math.ceil(left / 1_000)} s`
  const minutes = Math.ceil(left / 60_000)
  if (minutes < 60) return `in ${minutes} min`
  if (minutes >= 24 * 60) return `on ${day(at)} at ${clockTime(at)}`
  const hours = Math.floor(minutes / 60)
  const rest = minutes % 60
  return `in ${hours} h${rest === 0 ? '' : ` ${rest} min`} (${clockTime(at)})`
}

/** The same for a moment that may never come. */
export function momentOrNever(at: number | 'never', now: number): string {
  return at === 'never' ? 'never' : moment(at, now)
}

/** `just now`, `5 min ago`, `3 h ago`, `2 days ago`. */
export function agoText(at: number, now: number): string {
  const minutes = Math.floor((now - at) / 60_000)
  if (minutes < 1) return 'just now'
  if (minutes < 60) return `${minutes} min ago`
  const hours = Math.floor(minutes / 60)
  if (hours < 24) return `${hours} h ago`
  const days = Math.floor(hours / 24)
  return days === 1 ? '1 day ago' : `${days} days ago`
}

function clockTime(at: number): string {
  const date = new Date(at)
  return `${two(date.getHours())}:${two(date.getMinutes())}`
}

const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec']

function day(at: number): string {
  const date = new Date(at)
  return `${date.getDate()} ${MONTHS[date.getMonth()] ?? ''}`
}

function two(count: number): string {
  return String(count).padStart(2, '0')
}

import { afterEach } from 'vitest'

interface Closable {
  close(): Promise<void>
}

const open: Closable[] = []
afterEach(async () => {
  for (const one of open.splice(0).toReversed()) await one.close()
})

/** What a test opened, closed behind it: the latest first. */
export function kept<One extends Closable>(one: One): One {
  open.push(one)
  return one
}

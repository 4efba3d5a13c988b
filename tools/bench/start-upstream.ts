import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'

/** A running upstream. */
export interface Upstream {
  readonly url: string
  readonly process: ChildProcess
  stop(): void
}

/** Starts the loopback upstream in a process of its own. */
export async function startUpstream(): Promise<Upstream> {
  const child = fork(new URL('./upstream.ts', import.meta.url), {
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
  })
  const [message] = (await once(child, 'message')) as [{ port: number }]
  return { url: `http://127.0.0.1:${message.port}`, process: child, stop: () => void child.kill() }
}

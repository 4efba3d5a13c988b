// @ts-check

const CHECK_MS = 500

/**
 * Sends us SIGTERM when npm is gone. npm runs a script through a shell that does not hand signals
 * on, so whoever ends npm would otherwise leave us, and what we run, behind.
 */
export function stopWithNpm() {
  if (process.env.npm_lifecycle_event === undefined || process.platform === 'win32') return
  const parent = process.ppid
  const timer = setInterval(() => {
    if (process.ppid === parent) return
    clearInterval(timer)
    process.kill(process.pid, 'SIGTERM')
  }, CHECK_MS)
  timer.unref()
}

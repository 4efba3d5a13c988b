import type { Candidate } from './candidate.js'
import type { ChatAttempt } from './chat-attempt.js'
import type { Failover } from './failover.js'
import type { RequestScope } from './request-scope.js'

/** A favourite that is faster than this is not raced, ms: starting a rival would cost more than it saves. */
const SHORTEST_DELAY_MS = 300

/**
 * When a rival may be started, ms after the favourite: once the favourite is slower than it nearly ever was.
 * Undefined: never, because too little is known of it.
 */
export function hedgeDelay(usualFirstTokenMs: number | undefined): number | undefined {
  return usualFirstTokenMs === undefined ? undefined : Math.max(SHORTEST_DELAY_MS, usualFirstTokenMs)
}

/**
 * Whether a candidate may be asked on suspicion, without burning anybody's quota: a loaded model on this machine,
 * or a free one that says it has no limits.
 */
export function isUnmetered({ provider, model, card }: Candidate): boolean {
  if (provider.locality === 'local') return card?.state === 'loaded'
  return card?.free === true && provider.limits?.(model).length === 0
}

/**
 * Opens the favourite up to its first piece and, when it is late, a rival as well: content wins, not headers; the
 * loser is cancelled and accounted. Gives whoever came first. Throws the favourite's failure when nobody came.
 */
export async function openWithRival(
  favourite: ChatAttempt,
  delayMs: number,
  scope: RequestScope,
  failover: Failover,
  startRival: () => Promise<ChatAttempt | undefined>,
): Promise<ChatAttempt> {
  const opening = favourite.open()
  const rival = (await settledWithin(opening, delayMs, scope)) ? undefined : await startRival()
  if (rival === undefined) {
    await opening
    return favourite
  }
  const mine = opening.then(() => favourite)
  const theirs = rival.open().then(() => rival)
  try {
    const winner = await Promise.any([mine, theirs])
    await settleLoser(winner === favourite ? rival : favourite, winner, failover)
    return winner
  } catch {
    await settleLoser(rival, favourite, failover)
    await opening
    return favourite
  }
}

/** Takes the other one off the field: cancelled when it still ran, failed when it had failed already. */
async function settleLoser(loser: ChatAttempt, winner: ChatAttempt, failover: Failover): Promise<void> {
  const failure = await failureSoFar(loser)
  if (failure === undefined) failover.rivalLost(loser.discarded('discarded'), winner.candidate)
  else {
    const { attempt, error } = loser.failed(failure)
    failover.rivalLost(attempt, winner.candidate, error)
  }
}

/** Why opening it failed, if it has; undefined while it goes on. */
async function failureSoFar(attempt: ChatAttempt): Promise<unknown> {
  const goesOn = Symbol('goes on')
  try {
    await Promise.race([attempt.open(), Promise.resolve(goesOn)])
    return undefined
  } catch (thrown) {
    return thrown
  }
}

/** Whether `work` settles before the time is over. */
function settledWithin(work: Promise<void>, ms: number, scope: RequestScope): Promise<boolean> {
  return new Promise((resolve) => {
    const cancel = scope.clock.after(ms, () => resolve(false))
    const settled = (): void => {
      cancel()
      resolve(true)
    }
    work.then(settled, settled)
  })
}

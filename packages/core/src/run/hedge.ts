import type { Candidate } from './candidate.js'
import type { ChatAttempt } from './chat-attempt.js'
import type { Failover } from './failover.js'

/**
 * Whether a candidate may be asked on suspicion, without burning anybody's quota: a loaded model on this machine,
 * or a free one that says it has no limits.
 */
export function isUnmetered({ provider, model, card }: Candidate): boolean {
  if (provider.locality === 'local') return card?.state === 'loaded'
  return card?.free === true && provider.limits?.(model).length === 0
}

/**
 * Opens a rival beside a favourite that is late: content wins, not headers; the loser is cancelled and accounted.
 * Gives whoever came first. Throws the favourite's failure when nobody came.
 */
export async function openWithRival(
  favourite: ChatAttempt,
  failover: Failover,
  startRival: (isWanted: () => boolean) => Promise<ChatAttempt | undefined>,
): Promise<ChatAttempt> {
  const opening = favourite.open()
  const rival = await unlessSettled(opening, startRival)
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

/** The rival, unless the favourite was faster than finding one: that one is never sent. */
async function unlessSettled(
  opening: Promise<void>,
  startRival: (isWanted: () => boolean) => Promise<ChatAttempt | undefined>,
): Promise<ChatAttempt | undefined> {
  let settled = false
  const ended = opening
    .catch(() => undefined)
    .then(() => {
      settled = true
      return undefined
    })
  const starting = startRival(() => !settled)
  const rival = await Promise.race([starting, ended])
  if (settled) {
    starting.then(
      (late) => late?.unsent(),
      () => undefined,
    )
  }
  return rival
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

import { isOpenMuxError, type Provider } from '@openmux/core'
import { type ContractCase, check, inScenario, skipped } from '../cases.js'
import type { ContractOptions } from '../options.js'
import { within } from '../patience.js'
import type { Trial } from '../trial.js'
import { demand, show } from '../violation.js'
import { demandNoLeftovers, demandUpstreamClosed, isPiece, readUntil } from './common.js'

/** `close()`: everything is freed, nothing hangs, nothing works afterwards by accident. */
export function closeCases(declared: Provider, options: ContractOptions): readonly ContractCase[] {
  return [
    check('closes, also twice, also at the same time, also unused', async (trial) => {
      await Promise.all([closed(trial), closed(trial)])
      await closed(trial)
    }),
    check('after close() every call fails typed and none hangs', async (trial) => {
      const chat = trial.provider.chat === undefined ? undefined : await trial.chatRequest()
      const embed = trial.provider.embed === undefined ? undefined : await trial.embedRequest()
      await closed(trial)
      if (chat !== undefined) await trial.failedChat(chat)
      if (embed !== undefined) await trial.failure('embed() after close()', trial.embed(embed))
      await trial.failure('models() after close()', trial.provider.models(trial.watch().context))
    }),
    check('after close() ready() says no, or fails with `aborted`', async (trial) => {
      await closed(trial)
      try {
        const readiness = await within(
          trial.patienceMs,
          'ready() after close()',
          trial.provider.ready(trial.watch().context),
        )
        demand(!readiness.ready, 'ready() of a closed provider says yes')
      } catch (error) {
        if (error instanceof Error && error.name === 'ContractViolation') throw error
        demand(
          isOpenMuxError(error) && error.code === 'aborted',
          () => `ready() may throw nothing but \`aborted\`, it threw ${show(error)}`,
        )
      }
    }),
    check('closes after use', async (trial) => {
      await (trial.provider.chat === undefined ? trial.embed() : trial.ask())
      await closed(trial)
      await demandUpstreamClosed(trial, 'the provider was closed', 1_000)
    }),
    declared.chat === undefined
      ? skipped('close() ends a chat under way with `aborted`', 'the provider has no `chat`')
      : inScenario(
          options,
          'stallsMidStream',
          'close() ends a chat under way with `aborted`',
          async (trial, state) => {
            const watched = trial.watch()
            const request = await trial.chatRequest(state.model === undefined ? {} : { model: state.model })
            const stream = trial.chat(request, watched.context)[Symbol.asyncIterator]()
            await readUntil(trial, stream, isPiece, 'the first piece')
            const rest = trial.failure('the chat under way', drain(stream))
            await closed(trial)
            const error = await rest
            demand(
              error.code === 'aborted',
              `calls under way must fail with \`aborted\` when the provider is closed, not \`${error.code}\``,
            )
            await demandNoLeftovers(watched, 'the ended call')
            await demandUpstreamClosed(trial, 'the provider was closed', 1_000)
          },
        ),
  ]
}

function closed(trial: Trial): Promise<void> {
  return within(trial.patienceMs, 'close()', trial.provider.close())
}

async function drain(stream: { next(): Promise<{ done?: boolean }> }): Promise<void> {
  while ((await stream.next()).done !== true) continue
}

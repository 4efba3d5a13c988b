import type { Provider, Warning } from '@openmux/core'
import { lifecycleNotice } from '../render/lifecycle-text.js'
import { wrap } from '../render/wrap.js'
import { showControls } from '../terminal/control-characters.js'
import type { CommandContext } from './context.js'

/**
 * What was asked for and not done, or done otherwise, one line each; and once in a run, quietly, that the provider
 * will go away.
 */
export async function tellWarnings(
  context: CommandContext,
  providerId: string,
  warnings: readonly Warning[],
): Promise<void> {
  const { providers } = await context.created()
  const provider = providers.find(({ id }) => id === providerId)
  const { err } = context.terminal
  for (const { message } of warnings.filter((warning) => isNews(warning, provider, context)))
    err.lines(err.colours.notice(wrap(showControls(`note: ${message}`), err.width, 2)))
  if (provider !== undefined) tellLifecycle(provider, context)
}

function isNews(
  { kind, message }: Warning,
  provider: Provider | undefined,
  { options }: CommandContext,
): boolean {
  if (kind !== 'notice') return true
  // The engine hands it on with the first answer; here it has a line of its own.
  if (message === provider?.lifecycle.notice) return false
  if (options.verbose === true) return true
  // That it was forced on is known to whoever did it.
  return provider?.lifecycle.stage !== 'disabled'
}

function tellLifecycle({ id, lifecycle }: Provider, { terminal, told }: CommandContext): void {
  const notice = lifecycleNotice(id, lifecycle)
  if (notice === undefined || told.has(`lifecycle ${id}`)) return
  told.add(`lifecycle ${id}`)
  const { err } = terminal
  err.lines(err.colours.quiet(wrap(showControls(`note: ${notice}`), err.width, 2)))
}

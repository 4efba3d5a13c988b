import type { DecisionRecord } from '@openmux/core'
import { findNamed, type Named } from '../providers/spelling.js'
import { wrap } from '../render/wrap.js'
import { showControls } from '../terminal/control-characters.js'
import type { CommandContext } from './context.js'

/** Says once in a run which of `prefer` found nobody: a wish costs nothing, but a slip in it should not stay unseen. */
export async function tellUnmetWishes(context: CommandContext, decision: DecisionRecord): Promise<void> {
  const { prefer = [] } = context.settings.configuration
  if (prefer.length === 0 || context.told.has('wishes')) return
  context.told.add('wishes')
  const unmet = unmetWishes(prefer, (await context.created()).providers, decision)
  if (unmet.length === 0) return
  const { err } = context.terminal
  const names = unmet.map((wish) => `"${wish}"`).join(', ')
  const line = `note: nobody who could answer has ${names} (prefer); \`openmux models\` lists the names.`
  err.lines(err.colours.notice(wrap(showControls(line), err.width, 2)))
}

/**
 * The preferences that certainly found nobody. The name of a provider is a wish that holds, whether it is ready or
 * not. For names of models the engine asks everybody and puts whoever has the first of them in front: so what stands
 * before the one that the first candidate fulfils found nobody, and all of them when it fulfils none.
 */
export function unmetWishes(
  prefer: readonly string[],
  providers: readonly Named[],
  { candidates }: Pick<DecisionRecord, 'candidates'>,
): readonly string[] {
  const models = prefer.filter(
    (wish) =>
      findNamed(wish, providers) === undefined &&
      // With its provider in front the name is handed on, and that one tells.
      !(wish.includes('/') && findNamed(wish.slice(0, wish.indexOf('/')), providers) !== undefined),
  )
  const first = candidates.find(({ verdict }) => verdict !== 'cut')
  if (first?.model === undefined) return []
  const { model } = first
  const met = models.findIndex((wish) => means(wish, model))
  return met === -1 ? models : models.slice(0, met)
}

/** Whether a spelling may mean a model. Too generous rather than too strict: then nothing is told. */
function means(wish: string, model: string): boolean {
  const plain = (name: string): string => name.toLowerCase().replaceAll(/[^\p{L}\p{N}]+/gu, '')
  return plain(model).includes(plain(wish.replace(/:latest$/i, '')))
}

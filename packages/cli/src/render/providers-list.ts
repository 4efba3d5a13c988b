import type { ProviderReport } from '@openmux/core'
import type { UsablePreset } from '../providers/presets.js'
import type { StandInReason } from '../providers/stand-in.js'
import type { Colours } from '../terminal/colours.js'
import { showControlsIn } from '../terminal/control-characters.js'
import { forceOn, insteadOf, lifecycleText } from './lifecycle-text.js'
import { inWordsOfTheCommandLine } from './library-words.js'
import { wrap } from './wrap.js'

/** How a provider stands, in one word. */
export type ProviderState = 'ready' | 'last-resort' | 'not-ready' | 'disabled' | StandInReason

/** A report with what the command line knows beside it. */
export interface ListedProvider extends ProviderReport {
  readonly state: ProviderState
}

const WORDS: Readonly<Record<ProviderState, string>> = {
  ready: 'ready',
  'last-resort': 'only a last resort',
  'not-ready': 'not ready',
  disabled: 'disabled',
  'not-configured': 'not configured',
  misconfigured: 'wrong set-up',
  'not-installed': 'not installed',
  offline: 'left out',
}

/** The state of a provider from its report and from what stands in its place. */
export function stateOf(
  { enabled, readiness }: ProviderReport,
  why: StandInReason | undefined,
): ProviderState {
  if (!enabled) return 'disabled'
  if (why !== undefined) return why
  if (!readiness.ready) return 'not-ready'
  return readiness.lastResort === true ? 'last-resort' : 'ready'
}

/** Every provider: ready or not, why, what to do, how far it is along its life; and what could be named at once. */
export function providersList(
  providers: readonly ListedProvider[],
  usable: readonly UsablePreset[],
  colours: Colours,
  width: number,
): string {
  const blocks =
    providers.length === 0
      ? ['No provider is switched on. Check `order` and `enabled` in the configuration.\n']
      : providers.map((provider) => block(showControlsIn(provider), colours, width))
  return [...blocks, ...usableText(usable, colours, width)].join('\n')
}

function block(provider: ListedProvider, colours: Colours, width: number): string {
  const { id, name, state, locality, tasks, readiness, lifecycle, enabled } = provider
  const isUp = state === 'ready'
  // Who has no key chose so; only what was meant to work and does not is red.
  const paint = isUp
    ? colours.good
    : state === 'not-ready' || state === 'misconfigured'
      ? colours.bad
      : state === 'last-resort'
        ? colours.notice
        : colours.quiet
  const why = readiness.ready ? readiness.detail : readiness.reason
  const remedies =
    state === 'disabled'
      ? [...insteadOf(lifecycle), forceOn(id)]
      : (readiness.remedies ?? []).map((remedy) => inWordsOfTheCommandLine(remedy, id))
  const told = state === 'not-configured' || state === 'disabled' ? undefined : why
  const where =
    locality === 'local'
      ? 'local: prompts stay on machines of your own'
      : 'remote: prompts leave your machines'
  const life = lifecycleText(lifecycle, lifecycle.stage === 'disabled' && enabled)
  const lines = [
    `${isUp ? colours.good('●') : paint('○')} ${colours.strong(id)}  ${paint(WORDS[state])}${id === name.toLowerCase() ? '' : colours.quiet(`  ${name}`)}`,
    ...(told === undefined ? [] : [wrap(`    ${told}`, width, 4)]),
    ...remedies.map((remedy) => colours.name(wrap(`    → ${remedy}`, width, 6))),
    colours.quiet(wrap(`    ${where}; ${tasks.join(', ')}; ${life}`, width, 4)),
  ]
  return `${lines.join('\n')}\n`
}

function usableText(usable: readonly UsablePreset[], colours: Colours, width: number): readonly string[] {
  if (usable.length === 0) return []
  const names = usable.map(({ id, keyVariable }) =>
    keyVariable === undefined ? id : `${id} (${keyVariable} is set)`,
  )
  return [
    `${colours.quiet(wrap(`Also there when you name it with --provider: ${names.join(', ')}.`, width, 2))}\n`,
  ]
}

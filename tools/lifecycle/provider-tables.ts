import type { Lifecycle } from '@openmux/core'
import type { CheckedPackage } from './check-manifests.ts'
import { factsOf, presetsWithLifecycle } from './facts.ts'
import { table } from './generated-block.ts'

const NONE = '–'

/** Where each provider package is along its life, and the presets that have a stage of their own. */
export function lifecycleTable(packages: readonly CheckedPackage[]): string {
  const row = (what: string, lifecycle: Lifecycle): readonly string[] => [
    what,
    lifecycle.stage === 'active' ? 'active' : `**${lifecycle.stage}**`,
    lifecycle.since,
    lifecycle.reason ?? NONE,
    lifecycle.replacement ?? NONE,
    lifecycle.nextReview ?? NONE,
  ]
  return table(
    ['package', 'stage', 'since', 'reason', 'instead', 'next look'],
    [
      ...packages.map(({ folder, manifest, openmux }) => row(link(manifest.name, folder), openmux.lifecycle)),
      ...presetsWithLifecycle().map(({ id, lifecycle }) =>
        row(`preset \`${id}\` of ${link('@openmux/openai-compatible', 'openai-compatible')}`, lifecycle),
      ),
    ],
  )
}

/** What each provider package is for, read off the built packages. */
export async function factsTable(packages: readonly CheckedPackage[]): Promise<string> {
  const rows = await Promise.all(
    packages.map(async ({ folder, manifest, openmux }) => {
      const { provider, localities, keyVariables } = await factsOf(openmux.provider)
      return [
        link(manifest.name, folder),
        openmux.provider === provider.id ? `\`${provider.id}\`` : 'given by you',
        provider.tasks.join(', '),
        localities.length === 1 ? localities.join() : `${localities.join(' or ')}, by its address`,
        keyVariables.map((variable) => `\`${variable}\``).join(', ') || 'named by its preset, or by you',
      ]
    }),
  )
  return table(['package', 'id', 'tasks', 'where prompts go', 'key'], rows)
}

function link(name: string, folder: string): string {
  return `[\`${name}\`](../packages/${folder})`
}

import type { Preset } from './preset.js'

/** The presets as a table in Markdown, for the README. */
export function presetTable(presets: readonly Preset[]): string {
  const rows = presets.map((preset) => {
    const key =
      preset.apiKeyVariable === undefined
        ? '–'
        : `\`${preset.apiKeyVariable}\`${preset.requiresKey ? '' : ' (optional)'}`
    return `| \`${preset.id}\` | ${preset.name} | \`${preset.baseURL}\` | ${key} | ${quirksOf(preset)} | ${marksOf(preset)} |`
  })
  return [
    '| preset | is | address | key | known quirks | facts |',
    '| --- | --- | --- | --- | --- | --- |',
    ...rows,
  ].join('\n')
}

function quirksOf(preset: Preset): string {
  const quirks = Object.entries(preset.hooks?.quirks ?? {}).map(
    ([name, value]) => `\`${name}: ${String(value)}\``,
  )
  const tasks = preset.tasks === undefined || preset.tasks.includes('embeddings') ? [] : ['no embeddings']
  const stage =
    preset.lifecycle === undefined ? [] : [`**${preset.lifecycle.stage}** since ${preset.lifecycle.since}`]
  const continues = preset.supports?.prefill === true ? ['continues a begun answer'] : []
  const all = [...stage, ...tasks, ...continues, ...quirks]
  return all.length === 0 ? '–' : all.join(', ')
}

/** How many facts of each kind. */
function marksOf({ facts }: Preset): string {
  return (['verified', 'captured', 'uncertain'] as const)
    .map((mark) => [facts.filter((fact) => fact.mark === mark).length, mark] as const)
    .filter(([count]) => count > 0)
    .map(([count, mark]) => `${count} ${mark}`)
    .join(', ')
}

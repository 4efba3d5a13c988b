import type { DiscoveredModel, Discovery, ModelServer } from '@openmux/core'
import type { Colours } from '../terminal/colours.js'
import { showControlsIn } from '../terminal/control-characters.js'
import { checksTable } from './probe-table.js'
import { bytes, weights } from './quantities.js'
import { wrap } from './wrap.js'

/** What was found, provider by provider: addresses, models with who serves them and what they can do, notes. */
export function discoveryText(
  found: readonly (Discovery & { readonly provider: string })[],
  colours: Colours,
  width: number,
): string {
  return showControlsIn(found)
    .map(({ provider, endpoints, models, notes }) => {
      const blocks = [
        `${colours.strong(provider)}  ${colours.quiet(models.length === 1 ? '1 model' : `${models.length} models`)}\n`,
        endpoints.length === 0 ? '' : `${checksTable(endpoints, colours, width)}\n`,
        ...models.map((model) => modelText(provider, model, colours, width)),
        ...notes.map((note) => `${colours.notice(wrap(`note: ${note}`, width, 2))}\n`),
      ]
      return blocks.join('')
    })
    .join('\n')
}

function modelText(
  provider: string,
  { model, servedBy, note }: DiscoveredModel,
  colours: Colours,
  width: number,
): string {
  const can = Object.entries(model.supports ?? {}).flatMap(([name, yes]) => (yes ? [name] : []))
  const facts = [
    model.tasks.join(', '),
    model.free ? colours.good(model.state === 'hosted' ? 'free' : model.state) : price(model),
    ...(model.contextTokens === undefined ? [] : [`${model.contextTokens} tokens of context`]),
    ...(model.sizeBytes === undefined ? [] : [bytes(model.sizeBytes)]),
    ...(model.parameters === undefined ? [] : [`${weights(model.parameters)} weights`]),
    ...(can.length === 0 ? [] : [can.join(', ')]),
  ]
  const lines = [
    colours.name(`${provider}/${model.id}`),
    wrap(`    ${facts.join('; ')}`, width, 4),
    ...(servedBy === undefined || servedBy.length === 0
      ? []
      : [wrap(`    served by ${servedBy.map(serverText).join(', ')}`, width, 6)]),
    ...(note === undefined ? [] : [colours.quiet(wrap(`    ${note}`, width, 4))]),
  ]
  return `${lines.join('\n')}\n`
}

function serverText({ name, status, free, price: cost }: ModelServer): string {
  const terms = [
    ...(status === 'live' ? [] : [status]),
    ...(free === true ? ['free'] : []),
    ...(free !== true && cost !== undefined ? [`${cost.inputPerMillion}/${cost.outputPerMillion}`] : []),
  ]
  return terms.length === 0 ? name : `${name} (${terms.join(', ')})`
}

function price({ price: cost }: DiscoveredModel['model']): string {
  return cost === undefined
    ? 'may cost something'
    : `${cost.inputPerMillion} and ${cost.outputPerMillion} USD a million tokens in and out`
}

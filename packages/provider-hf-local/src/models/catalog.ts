import { join } from 'node:path'
import { nearestNames } from '@openmux/core/names'
import { scanModels, type FoundModel } from '../cache/scan.js'
import { readModelFolder } from '../cache/model-folder.js'
import { DEFAULT_MODELS } from '../default-models.js'
import { failure } from '../failures.js'
import { modelId, parseReference } from '../model-reference.js'
import type { ModelOptions } from '../options.js'
import type { Settings } from '../settings.js'
import type { ModelTarget } from './model-source.js'

/** A model on disk and the target that means it. */
export interface InstalledModel extends FoundModel {
  readonly target: ModelTarget
}

/** Everything on disk: the cache, the user's folders of models, and single model folders. */
export async function installedModels(settings: Settings): Promise<readonly InstalledModel[]> {
  const installed = new Map<string, InstalledModel>()
  const add = (model: FoundModel, target: ModelTarget): void => {
    if (!installed.has(model.id)) installed.set(model.id, { ...model, target })
  }
  for (const entry of settings.models) {
    const reference = parseReference(entry.model)
    if (reference?.kind !== 'folder') continue
    const found = await readModelFolder(reference.path)
    const id = entry.name ?? reference.path
    if (found !== undefined) add({ id, found }, folderTarget(id, reference.path, entry, settings))
  }
  for (const model of await scanModels(settings.cacheFolder))
    add(
      model,
      hubTarget(model.id, settings) ?? folderTarget(model.id, model.found.folder, undefined, settings),
    )
  for (const folder of settings.modelFolders) {
    for (const model of await scanModels(folder)) {
      add(model, folderTarget(model.id, model.found.folder, wishesFor(model.id, settings), settings))
    }
  }
  return [...installed.values()]
}

/**
 * The model a text means: an installed one by its id, whatever its case, or by its bare name; else
 * a model of the hub, which will be fetched. Throws `model-not-found` with the nearest names.
 */
export async function findTarget(text: string, settings: Settings): Promise<ModelTarget> {
  const reference = parseReference(text)
  const wanted = text.toLowerCase()
  const own = settings.models.find(({ name }) => name?.toLowerCase() === wanted)
  // Also when nothing is there: what carries this name on the hub is another model.
  if (own?.name !== undefined) return folderTarget(own.name, own.model, own, settings)
  if (reference?.kind === 'folder')
    return folderTarget(text, reference.path, wishesFor(text, settings), settings)
  // The usual case costs one look at the folder, not at the whole cache.
  if (reference?.kind === 'hub') {
    const target = hubTarget(text, settings)
    if (target !== undefined && (await readModelFolder(target.folder)) !== undefined) return target
  }
  const installed = await installedModels(settings)
  const named = installed.filter((model) => model.id.toLowerCase() === wanted)
  const bare = installed.filter((model) => bareName(model.id) === wanted)
  const match = named[0] ?? (bare.length === 1 ? bare[0] : undefined)
  if (match !== undefined) return match.target
  const target = reference?.kind === 'hub' ? hubTarget(text, settings) : undefined
  if (target !== undefined) return target
  const names = nearestNames(text, [
    ...installed.map((model) => model.id),
    settings.chatModel,
    settings.embeddingModel,
  ])
  throw failure('model-not-found', `There is no local model "${shortened(text)}".`, {
    model: shortened(text),
    hint:
      names.length > 0
        ? `Did you mean ${names.join(' or ')}?`
        : 'Name a model as organisation/name, or by the absolute path of its folder.',
  })
}

function hubTarget(id: string, settings: Settings): ModelTarget | undefined {
  const reference = parseReference(id)
  if (reference?.kind !== 'hub') return undefined
  const wishes = wishesFor(id, settings)
  const revision = id.includes('@') ? reference.revision : (wishes?.revision ?? reference.revision)
  const base = join(settings.cacheFolder, ...reference.id.split('/'))
  const dtype =
    wishes?.dtype ?? settings.dtype ?? DEFAULT_MODELS.find((model) => model.id === reference.id)?.dtype
  return {
    id: modelId(reference.id, revision),
    folder: revision === 'main' ? base : join(base, ...revision.split('/')),
    hub: { id: reference.id, revision },
    device: wishes?.device ?? settings.device,
    ...(dtype === undefined ? {} : { dtype }),
  }
}

function folderTarget(
  id: string,
  folder: string,
  wishes: ModelOptions | undefined,
  settings: Settings,
): ModelTarget {
  const dtype = wishes?.dtype ?? settings.dtype
  return { id, folder, device: wishes?.device ?? settings.device, ...(dtype === undefined ? {} : { dtype }) }
}

/** What the user wished for this model, by its id without revision. */
export function wishesFor(id: string, settings: Settings): ModelOptions | undefined {
  const plain = id.split('@')[0]
  return (
    settings.models.find((entry) => entry.model === id || entry.name === id) ??
    settings.models.find((entry) => entry.model.split('@')[0] === plain)
  )
}

function bareName(id: string): string {
  return (id.split(/[/\\]/).at(-1) ?? id).toLowerCase()
}

function shortened(text: string): string {
  return text.length > 200 ? `${text.slice(0, 200)}…` : text
}

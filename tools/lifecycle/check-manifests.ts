import { complaints, manifestSchema, type ProviderManifest } from './manifest.ts'
import { allPackages, type ProviderPackage, providerPackages, root } from './provider-packages.ts'
import { type Calendar, type Review, review } from './reviews.ts'

/** A provider package with its checked manifest. */
export interface CheckedPackage extends ProviderPackage {
  readonly openmux: ProviderManifest
}

/** Every provider package, checked. Throws with all complaints when a manifest is not what it must be. */
export function checkedPackages(from = root): readonly CheckedPackage[] {
  const packages = providerPackages(from)
  const faults = packages.flatMap(shapeFaults)
  if (faults.length > 0) throw new Error(faults.join('\n'))
  return packages.map((one) => ({ ...one, openmux: manifestSchema.parse(one.manifest.openmux) }))
}

/** Everything that is wrong with the manifests, and what is due. */
export function checkManifests(calendar: Calendar, from = root): Review {
  const packages = providerPackages(from)
  const faults = packages.flatMap(shapeFaults)
  if (faults.length > 0) return { failures: faults, warnings: [] }
  const checked = checkedPackages(from)
  const reviews = checked.map(({ folder, openmux }) => review(field(folder), openmux.lifecycle, calendar))
  return {
    failures: [...reviews.flatMap(({ failures }) => failures), ...togetherFaults(checked, from)],
    warnings: reviews.flatMap(({ warnings }) => warnings),
  }
}

function shapeFaults({ folder, manifest }: ProviderPackage): readonly string[] {
  if (manifest.openmux === undefined)
    return [`packages/${folder}/package.json: openmux is missing: its provider and lifecycle`]
  const faults = complaints(manifestSchema, manifest.openmux, `packages/${folder}/package.json: openmux`)
  if (faults.length > 0) return faults
  const { provider } = manifestSchema.parse(manifest.openmux)
  const own = folder.replace(/^provider-/, '')
  return provider === own
    ? []
    : [`packages/${folder}/package.json: openmux.provider: must be ${own}, as its folder`]
}

/** What only shows when the manifests are held side by side: a replacement must be there and alive. */
function togetherFaults(checked: readonly CheckedPackage[], from: string): readonly string[] {
  const names = new Set(allPackages(from).map(({ manifest }) => manifest.name))
  return checked.flatMap(({ folder, manifest, openmux }) => {
    const { replacement } = openmux.lifecycle
    if (replacement === undefined || !/^@openmux\/\S+$/.test(replacement)) return []
    const at = `${field(folder)}.replacement`
    if (!names.has(replacement)) return [`${at}: there is no package ${replacement}`]
    if (replacement === manifest.name) return [`${at}: names the package itself`]
    const stage = checked.find((one) => one.manifest.name === replacement)?.openmux.lifecycle.stage
    return stage === 'deprecated' || stage === 'disabled' ? [`${at}: ${replacement} is ${stage} itself`] : []
  })
}

function field(folder: string): string {
  return `packages/${folder}/package.json: openmux.lifecycle`
}

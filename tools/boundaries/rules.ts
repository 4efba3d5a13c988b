/** What one package may import of ours, besides itself. Folder names, as below `packages/`. */
export interface PackageRule {
  /** Wherever it likes. */
  readonly mayImport: readonly string[]
  /** Only by `await import(…)`, so that a user who does not need it never loads it (types are free). */
  readonly mayImportLazily?: readonly string[]
}

export type BoundaryRules = Readonly<Record<string, PackageRule>>

const PROVIDERS = ['provider-openrouter', 'provider-ollama', 'provider-hf-remote', 'provider-hf-local']

/** The allowed edges between packages: every arrow points towards core. */
export const rules: BoundaryRules = {
  core: { mayImport: [] },
  http: { mayImport: ['core'] },
  'openai-compatible': { mayImport: ['core', 'http'] },
  'provider-openrouter': { mayImport: ['core', 'http', 'openai-compatible'] },
  'provider-ollama': { mayImport: ['core', 'http'] },
  'provider-hf-remote': { mayImport: ['core', 'http', 'openai-compatible'] },
  'provider-hf-local': { mayImport: ['core'] },
  'model-nano': { mayImport: [] },
  testkit: { mayImport: ['core', 'http', 'openai-compatible'] },
  cli: { mayImport: ['core'], mayImportLazily: [...PROVIDERS, 'openai-compatible', 'model-nano'] },
  gateway: { mayImport: ['core', 'openai-compatible'], mayImportLazily: PROVIDERS },
  'ai-sdk': { mayImport: ['core', 'openai-compatible'] },
  otel: { mayImport: ['core', 'openai-compatible'] },
  'store-redis': { mayImport: ['core', 'openai-compatible'] },
}

/** What tests of any package may import as well. */
export const TEST_ONLY: readonly string[] = ['testkit']

/** The package that knows no provider by name and runs without Node. */
export const CORE = 'core'

/**
 * Names of back ends that core must not mention, beside every `provider-*` folder's own: written
 * without anything but letters and digits.
 */
export const VENDOR_NAMES: readonly string[] = ['ollama', 'openrouter', 'huggingface', 'hflocal', 'hfremote']

/**
 * Folders of core's source that are entries of their own (`@openmux/core/store`), each with those it may import. The
 * main path imports none of them; only `node` may import Node's built-in modules.
 */
export const CORE_SIDE_DOORS: Readonly<Record<string, readonly string[]>> = {
  cache: [],
  combine: ['cache'],
  embeddings: [],
  node: ['cache', 'store'],
  replay: [],
  store: [],
}

/** How a suite met its back end. */
export type Transport = 'in process' | 'over HTTP'

/** A column of the support matrix: the runs of the contract suite that speak for one provider. */
export interface MatrixColumn {
  readonly heading: string
  /** Folder below `packages/`. */
  readonly folder: string
  /** The suites by their names; several of one transport are variants, of which none may fail. */
  readonly suites: Readonly<Partial<Record<Transport, RegExp>>>
}

/** In the order of the table. */
export const COLUMNS: readonly MatrixColumn[] = [
  {
    heading: 'openai-compatible',
    folder: 'openai-compatible',
    suites: {
      'in process': /^openai-compatible in process$/,
      'over HTTP': /^openai-compatible over loopback HTTP/,
    },
  },
  {
    heading: 'openrouter',
    folder: 'provider-openrouter',
    suites: { 'in process': /^OpenRouter in process$/, 'over HTTP': /^OpenRouter over loopback HTTP/ },
  },
  {
    heading: 'hf-remote',
    folder: 'provider-hf-remote',
    suites: { 'in process': /^hf-remote in process$/, 'over HTTP': /^hf-remote over loopback HTTP/ },
  },
  {
    heading: 'hf-remote: dedicated endpoints',
    folder: 'provider-hf-remote',
    // Chat and embeddings are two endpoints; waking one up is about connections, so only real ones are used.
    suites: { 'over HTTP': /^hf-endpoint over loopback HTTP/ },
  },
  {
    heading: 'ollama',
    folder: 'provider-ollama',
    suites: { 'in process': /^Ollama in process$/, 'over HTTP': /^Ollama over loopback HTTP/ },
  },
  {
    heading: 'hf-local',
    folder: 'provider-hf-local',
    // Its back end is real models in a worker of the process: there is no wire.
    suites: { 'in process': /^Hugging Face local, real tiny models/ },
  },
]

/** Suites that speak for no column, each with the reason. */
export const NO_COLUMN: readonly (readonly [RegExp, string])[] = [
  [/^openai-compatible without streaming and tools$/, 'declares little on purpose, to test refusals'],
  [/^openai-compatible, preset \S+, a begun answer$/, 'a preset that declares more than the format does'],
]

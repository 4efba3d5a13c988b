/** What the configuration file and the environment can say. Every member is optional. */
export interface Configuration {
  /** Ids of the providers to use, in the order they are tried. */
  readonly order?: readonly string[] | undefined
  /** Wishes for single providers, by id. */
  readonly providers?: Readonly<Record<string, ProviderConfiguration | undefined>> | undefined
  /** Only this provider, when the command line names none. */
  readonly provider?: string | undefined
  /** Only this model, when the command line names none. */
  readonly model?: string | undefined
  /** The model `embed` uses, when the command line names none: `model` is for answers. */
  readonly embeddingModel?: string | undefined
  readonly system?: string | undefined
  /** Seconds for a whole request; 0 means no limit. */
  readonly timeout?: number | undefined
  readonly maxAttempts?: number | undefined
  /** Providers or models to try first. */
  readonly prefer?: readonly string[] | undefined
  /** Prompts stay on this machine. */
  readonly localOnly?: boolean | undefined
  /** No network beyond this machine. */
  readonly offline?: boolean | undefined
}

/** What can be said about one provider: whether to use it, and the options its package documents. */
export interface ProviderConfiguration {
  /** `false`: not used. `true`: used although its package says `disabled`. */
  readonly enabled?: boolean | undefined
  readonly [option: string]: unknown
}

/** Where a value came from: the name to show, and whether the user put it there or the working folder brought it. */
export interface Source {
  readonly name: string
  readonly trust: 'user' | 'folder'
}

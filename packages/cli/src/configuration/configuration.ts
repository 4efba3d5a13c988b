import type { HistoryPolicy, OnBreak, PolicyName, PolicyOptions } from '@openmux/core'

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
  /** Providers to use although their package says `disabled`. */
  readonly forceEnabled?: readonly string[] | undefined
  /** Prompts stay on this machine, or a server of the user's own that a local provider was pointed to. */
  readonly localOnly?: boolean | undefined
  /** No network beyond this machine. */
  readonly offline?: boolean | undefined
  /** Only models that cost nothing. */
  readonly zeroCost?: boolean | undefined
  /** Only models whose window is at least so long, in tokens. */
  readonly minContextTokens?: number | undefined
  /** Who is asked first. */
  readonly policy?: PolicyName | PolicyOptions | undefined
  readonly onBreak?: OnBreak | undefined
  readonly history?: HistoryPolicy | undefined
  readonly hedge?: boolean | undefined
  readonly impatient?: boolean | undefined
  /** Whether the built-in guide may answer when no real model can. */
  readonly nano?: boolean | undefined
  /** Whether answers are kept and given again. */
  readonly cache?: boolean | undefined
  /** Whether what was learned of limits, speed and failures is kept between runs. */
  readonly state?: boolean | undefined
}

/** What can be said about one provider: whether to use it, and the options its package documents. */
export interface ProviderConfiguration {
  /** `false`: not used. */
  readonly enabled?: boolean | undefined
  readonly [option: string]: unknown
}

/** Where a value came from: the name to show, and whether the user put it there or the working folder brought it. */
export interface Source {
  readonly name: string
  readonly trust: 'user' | 'folder'
}

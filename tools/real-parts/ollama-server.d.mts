export interface StartOllamaOptions {
  /** A fixed port, for instance to start again where a killed server was. Default: a free one. */
  readonly port?: number
  /** More environment of the server, for instance `OLLAMA_MAX_QUEUE` or another `OLLAMA_MODELS`. */
  readonly env?: Readonly<Record<string, string>>
}

export interface OllamaServer {
  /** For instance `http://127.0.0.1:41234`, without a slash at the end. */
  readonly url: string
  readonly port: number
  readonly pid: number
  /** The server's log file. */
  readonly log: string
  /** Settles when the server has ended, for whatever reason. */
  readonly exited: Promise<void>
  /** Ends the server as a user would, and its model runners with it. Safe to call again. */
  stop(): Promise<void>
  /** Ends the server and its model runners at once, as a crash would. Safe to call again. */
  kill(): Promise<void>
}

/** Model names by purpose. */
export interface RealOllamaModels {
  /** A real base model without instruction tuning: it streams, but expect no sense. */
  readonly chat: 'gemma3-270m'
  /** The same weights with a window of 256 tokens and answers of at most 16, always the same ones. */
  readonly smallChat: 'gemma3-270m-small'
  /** 384 dimensions, a window of 512 tokens. */
  readonly embedding: 'all-minilm'
}

export type RealOllama =
  | {
      readonly available: true
      readonly binary: string
      /** `OLLAMA_MODELS` of the servers. Shared by all that run: a test that makes models makes them in a copy. */
      readonly modelsFolder: string
      readonly models: RealOllamaModels
    }
  | {
      readonly available: false
      /** Why tests that need the server cannot run. */
      readonly reason: string
      /** What a person can run, from the top of the checkout, to mend that. */
      readonly command: string
    }

/**
 * Starts the cached Ollama server and waits until it answers. It ends with this process, however
 * this process ends.
 */
export function startOllama(options?: StartOllamaOptions): Promise<OllamaServer>

/** Says, without starting or installing anything, whether the server and its models are there. */
export function realOllama(): Promise<RealOllama>

import type { CallContext, Provider } from '@openmux/core'
import type { Upstream } from '../server/seen-request.js'
import type { GroupName } from './groups.js'
import type { ContractRunner } from './runner.js'
import type { ContractScenarios } from './scenarios.js'

/** What the suite needs to know about a provider. Only `name` and `create` are needed. */
export interface ContractOptions {
  /** Heads every test: `Ollama over loopback HTTP`. */
  readonly name: string
  /**
   * A fresh provider, pointed at the double. Called once while the tests are collected, to read what
   * is declared, and once a test; each is closed again.
   */
  create(): Provider | Promise<Provider>
  /** Model for chats. Default: the first card of `models()` that has the task `chat`. */
  readonly chatModel?: string
  /** Model for embeddings. Default: the first card of `models()` that has the task `embeddings`. */
  readonly embedModel?: string
  /** A model name nobody has. Default: `openmux-no-such-model`. */
  readonly unknownModel?: string
  readonly scenarios?: ContractScenarios
  /** The other side: what `serveHandlers` and `interceptHandlers` return. Absent for back ends in this process. */
  readonly upstream?: Upstream
  /** Keys `create` gives to the provider. None may show up in any error. */
  readonly secrets?: readonly string[]
  /** Puts the double back; run before every test. */
  reset?(): void | Promise<void>
  /** Members of every call's context, for instance a clock. */
  readonly context?: Partial<CallContext>
  /** `providerOptions` of every request. */
  readonly providerOptions?: Readonly<Record<string, Readonly<Record<string, unknown>>>>
  /** Longest wait for anything that should happen, ms. Default 4,000, below the usual limit of test runners. */
  readonly patienceMs?: number
  /** Longest time from an abort to the end of the call and of the upstream's request, ms. Best of three. Default 50. */
  readonly abortWithinMs?: number
  /** Only these groups. Default: all. */
  readonly groups?: readonly GroupName[]
}

/** {@link ContractOptions} with the test runner. */
export interface ProviderContractOptions extends ContractOptions, ContractRunner {}

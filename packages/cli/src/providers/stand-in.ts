import { type Capabilities, type ErrorCode, OpenMuxError, type Provider } from '@openmux/core'
import type { ProviderEntry } from './provider-entry.js'

/** Why somebody else stands where a provider would be. */
export type StandInReason = 'not-installed' | 'not-configured' | 'misconfigured' | 'offline'

/** What a stand-in says when it is asked. */
export interface Excuse {
  readonly why: StandInReason
  /** One short phrase for people. */
  readonly reason: string
  /** Simplest first. */
  readonly remedies: readonly string[]
  /** Of the error when it is asked all the same. */
  readonly code: ErrorCode
  readonly field?: string
}

/** Claims everything, so that what is told is why it is not there, and not that it lacks some ability. */
const ANYTHING: Capabilities = {
  streaming: true,
  tools: true,
  json: true,
  jsonSchema: true,
  vision: true,
  reasoning: true,
  seed: true,
  prefill: true,
  logprobs: true,
}

/** Stands where a provider would be that cannot be used as things stand: never ready, with the way out. Sends nothing and loads nothing. */
export function standIn(
  entry: Pick<ProviderEntry, 'id' | 'name' | 'aliases' | 'lifecycle' | 'locality' | 'tasks'>,
  excuse: Excuse,
): Provider {
  const { id, name, aliases, lifecycle, locality, tasks } = entry
  const { reason, remedies, code, field } = excuse
  const refusal = (): OpenMuxError =>
    new OpenMuxError({
      code,
      provider: id,
      message: `${name}: ${reason}.`,
      hint: remedies[0],
      remedies,
      field,
    })
  return {
    contract: 1,
    id,
    name,
    ...(aliases !== undefined && { aliases }),
    lifecycle,
    locality,
    tasks,
    supports: ANYTHING,
    hosts: [],
    ready: async () => ({ ready: false, reason, remedies }),
    models: async () => {
      throw refusal()
    },
    // oxlint-disable-next-line require-yield
    async *chat() {
      throw refusal()
    },
    embed: async () => {
      throw refusal()
    },
    close: async () => undefined,
  }
}

/** Its package is not there. */
export function notInstalled(packageName: string): Excuse {
  return {
    why: 'not-installed',
    reason: `the package ${packageName} is not installed`,
    remedies: [`Install it: npm install ${packageName}`],
    code: 'needs-setup',
  }
}

/** It needs a key and has none. */
export function notConfigured(remedy: string, heldBack: boolean): Excuse {
  return {
    why: 'not-configured',
    reason: heldBack ? 'its key was held back, see the note' : 'not configured: there is no key',
    remedies: [remedy],
    code: 'auth',
  }
}

/** Nothing may be sent beyond this machine. */
export const OFFLINE: Excuse = {
  why: 'offline',
  reason: 'left out, because nothing may leave this machine (offline)',
  remedies: [],
  code: 'no-candidate',
}

/** What is set in the environment cannot be used. */
export function misconfigured({ message, hint, field }: OpenMuxError): Excuse {
  return {
    why: 'misconfigured',
    reason: message.replace(/\.$/, ''),
    remedies: [hint],
    code: 'bad-config',
    ...(field !== undefined && { field }),
  }
}

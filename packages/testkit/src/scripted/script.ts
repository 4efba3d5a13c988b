import type { ChatEvent, ChatRequest, ErrorCode, OpenMuxErrorOptions } from '@openmux/core'

/** An error to throw: its code, or all about it. Provider and model are filled in. */
export type ScriptedError =
  | ErrorCode
  | (Omit<OpenMuxErrorOptions, 'provider' | 'model' | 'message'> & { readonly message?: string })

/**
 * One step of a scripted answer.
 * - a string: a piece of text;
 * - an event: as it is;
 * - `wait`: time passes, ms by the call's clock;
 * - `hang`: nothing more until the caller leaves or the provider is closed;
 * - `fail`: the error is thrown;
 * - `end`: the stream ends here, without `finish`.
 */
export type ScriptStep =
  | string
  | ChatEvent
  | { readonly wait: number }
  | { readonly hang: true }
  | { readonly fail: ScriptedError }
  | { readonly end: true }

/**
 * What one call does, step by step. `start` and `finish` are added when the script has none and
 * neither fails nor ends early.
 */
export type Script = readonly ScriptStep[]

/** Scripts by call, the last one for all later calls too; or a function of the request and the number of calls before it. */
export type Scripts = readonly Script[] | ((request: ChatRequest, callsBefore: number) => Script)

/** The script of a call. Without any: one that says "ok". */
export function scriptOfCall(
  scripts: Scripts | undefined,
  request: ChatRequest,
  callsBefore: number,
): Script {
  if (typeof scripts === 'function') return scripts(request, callsBefore)
  return scripts?.[callsBefore] ?? scripts?.at(-1) ?? ['ok']
}

/** The script with the `start` and `finish` it leaves out. */
export function completeScript(script: Script, start: ChatEvent): Script {
  const begins = script.some((step) => isEvent(step, 'start'))
  const ends = script.some(
    (step) => isEvent(step, 'finish') || (typeof step === 'object' && ('fail' in step || 'end' in step)),
  )
  const calls = script.some((step) => isEvent(step, 'tool-call'))
  const opening = begins || failsAtOnce(script) ? [] : [start]
  const closing = ends
    ? []
    : [{ type: 'finish' as const, reason: calls ? ('tool-calls' as const) : ('stop' as const) }]
  return [...opening, ...script, ...closing]
}

/** A failure before anything was said has no `start` in front of it. */
function failsAtOnce(script: Script): boolean {
  const first = script.find((step) => typeof step === 'string' || !('wait' in step))
  return typeof first === 'object' && ('fail' in first || 'hang' in first)
}

function isEvent(step: ScriptStep, type: ChatEvent['type']): boolean {
  return typeof step === 'object' && 'type' in step && step.type === type
}

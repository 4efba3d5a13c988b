import type { CallContext, ProbeCheck, ProbeOptions } from '@openmux/core'
import { notChecked, probeCheck } from '@openmux/core/probe'
import type { EndpointEngine } from './endpoint-engine.js'

/** Longest wait for a replica to say something, ms. */
const HEALTH_MS = 10_000

/** Whether an endpoint answers. Only with `spend`: the very question wakes one that is scaled to zero, and then it is billed. */
export async function probeEndpoint(
  { client, options, token }: EndpointEngine,
  { spend }: ProbeOptions,
  context: CallContext,
): Promise<readonly ProbeCheck[]> {
  const question = {
    id: 'health',
    endpoint: `GET ${client.baseURL}/health`,
    purpose: 'the container',
    task: options.task,
    ...(token === undefined ? {} : { secrets: [token] }),
  }
  if (!spend) return [notChecked(question, 'asking would wake it, and it is billed while awake')]
  const timeouts = { headersMs: HEALTH_MS, idleMs: HEALTH_MS }
  const check = await probeCheck(question, context, async (call) => {
    const { status } = await client.text({ path: '/health', context: call, timeouts })
    return { verdict: 'as-expected', evidence: `HTTP ${status}: it is up`, status }
  })
  return [{ ...check, spent: true }]
}

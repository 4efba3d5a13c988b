import type { CallContext } from '@openmux/core'
import type { HttpClient } from '@openmux/http'

/**
 * Takes a model out of memory as soon as its answers under way are done: a request without prompt
 * that keeps it alive for 0 (Ollama docs/api.md, "Unload a model"). By `/api/generate`, which does
 * it for chat and embedding models alike.
 */
export async function unload(client: HttpClient, model: string, context: CallContext): Promise<void> {
  await client.json({ path: '/api/generate', json: { model, keep_alive: 0, stream: false }, model, context })
}

/** Deletes a model from the server's disk. */
export async function deleteModel(client: HttpClient, model: string, context: CallContext): Promise<void> {
  // The answer has no body.
  await client.text({ method: 'DELETE', path: '/api/delete', json: { model }, model, context })
}

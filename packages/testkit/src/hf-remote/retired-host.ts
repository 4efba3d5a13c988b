import { http, HttpResponse, type RequestHandler } from 'msw'

/** The words of the retired host, recorded in dozens of public logs (promptfoo#6624, ChainForge#406, JARVIS-AGI#9). */
export const RETIRED_HOST_ERROR =
  'https://api-inference.huggingface.co is no longer supported. Please use https://router.huggingface.co instead.'

/** What is left of `api-inference.huggingface.co`: 410 for every path and method, OPTIONS included. Captured. */
export function retiredHostDouble(): readonly RequestHandler[] {
  return [http.all('*', () => HttpResponse.json({ error: RETIRED_HOST_ERROR }, { status: 410 }))]
}

import type { ErrorVerdict } from '@openmux/http'

/** What an error means, before it is put into words. */
export type Meaning = Omit<ErrorVerdict, 'message' | 'upstreamCode'>

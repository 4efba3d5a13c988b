import type { ErrorCode, ErrorScope, NextStep } from '@openmux/core'
import type { ResponseHeaders } from '../transport/response-headers.js'

/** What an upstream said instead of an answer. */
export interface FailedAnswer {
  /** 200 when the failure was found inside an answer. */
  readonly status: number
  readonly headers: ResponseHeaders
  /** As text, at most 64 KiB. */
  readonly body: string
  /** `body` parsed, or undefined when it is not JSON. */
  readonly json: unknown
  /** The model the request named. */
  readonly model?: string
  /** The path of the request, without a query. */
  readonly path: string
  /** ms since 1970. */
  readonly now: number
}

/** What a failed answer means. Absent members are filled from the registry of codes. */
export interface ErrorVerdict {
  readonly code: ErrorCode
  readonly message: string
  readonly hint?: string
  readonly scope?: ErrorScope
  readonly next?: NextStep
  /** When the same call may work again, ms since 1970, or `never`. */
  readonly until?: number | 'never'
  /** The vendor's own code or type. */
  readonly upstreamCode?: string
}

/** A verdict whose message may still be missing: the upstream's own words are put there. */
export type VerdictDraft = Omit<ErrorVerdict, 'message'> & { readonly message?: string }

/** An upstream's own table; undefined leaves the decision to the general one. */
export type ErrorExplainer = (answer: FailedAnswer) => ErrorVerdict | undefined

import { type Clock, isOpenMuxError, type OpenMuxError } from '@openmux/core'
import { aborted, failure } from '../failures.js'
import { isRecord } from '../json.js'
import { linkedSignal } from '../linked-signal.js'
import { hubError } from './hub-errors.js'

/** The `fetch` we need: the built-in one, or one of a caller's own. */
export type FetchLike = (url: string, init: RequestInit) => Promise<Response>

/** Where the hub is and how it is spoken to. */
export interface HubSettings {
  /** Without a trailing slash. */
  readonly url: string
  readonly token?: string
  readonly fetch: FetchLike
  /** Longest silence of a connection before it is given up, ms. */
  readonly idleMs: number
}

/** A file of a repository. */
export interface HubFile {
  readonly path: string
  readonly size?: number
  /** Of files in large file storage. */
  readonly sha256?: string
  /** Git's own SHA-1 of other files. */
  readonly blobId?: string
}

/** What a repository holds. */
export interface HubListing {
  readonly commit?: string
  readonly files: readonly HubFile[]
}

/** Which repository. */
export interface HubModel {
  readonly id: string
  readonly revision: string
}

/** What every call needs. */
export interface HubCall {
  readonly signal: AbortSignal
  readonly clock: Clock
}

const MAX_REDIRECTS = 5
const USER_AGENT = 'openmux-hf-local'

/**
 * The files of a repository with sizes and hashes:
 * `GET /api/models/{id}/revision/{revision}?blobs=true` (huggingface_hub `hf_api.py`, `model_info`
 * with `files_metadata`): `sha`, `siblings[{rfilename, size, blobId, lfs: {sha256, size}}]`.
 */
export async function listModel(hub: HubSettings, model: HubModel, call: HubCall): Promise<HubListing> {
  const url = `${hub.url}/api/models/${model.id}/revision/${encodeURIComponent(model.revision)}?blobs=true`
  const body = await withIdleLimit(hub, model, call, async (signal, touch) => {
    const response = await request(hub, model, url, 'file list', { signal, headers: {} }, call.clock.now())
    touch()
    return (await response.json().catch(() => undefined)) as unknown
  })
  const siblings = isRecord(body) ? body['siblings'] : undefined
  if (!isRecord(body) || !Array.isArray(siblings)) {
    throw failure('bad-response', `The hub's list of the files of ${model.id} cannot be read.`, {
      model: model.id,
      hint: 'Check that HF_ENDPOINT or the option `hub` is the address of a model hub.',
    })
  }
  const commit = body['sha']
  return {
    files: siblings.map(asFile).filter((file): file is HubFile => file !== undefined),
    ...(typeof commit === 'string' ? { commit } : {}),
  }
}

/** Opens a file from `offset` on. The caller reads or cancels the body. */
export async function openFile(
  hub: HubSettings,
  model: HubModel,
  path: string,
  offset: number,
  signal: AbortSignal,
  now: number,
): Promise<Response> {
  const url = `${hub.url}/${model.id}/resolve/${encodeURIComponent(model.revision)}/${path.split('/').map(encodeURIComponent).join('/')}`
  const headers: Record<string, string> = offset > 0 ? { range: `bytes=${offset}-` } : {}
  return request(hub, model, url, path, { signal, headers }, now)
}

/** Whether anything answers at the hub's address. Sends no token. */
export async function hubAnswers(hub: HubSettings, path: string, signal: AbortSignal): Promise<boolean> {
  try {
    const response = await hub.fetch(`${hub.url}/${path}`, {
      method: 'HEAD',
      redirect: 'manual',
      signal,
      headers: { 'user-agent': USER_AGENT },
    })
    await response.body?.cancel()
    return true
  } catch {
    return false
  }
}

/**
 * One request, with its redirects followed by hand: files in large storage live on other hosts, and
 * the token is for the hub alone. A redirect from https to http is refused.
 */
async function request(
  hub: HubSettings,
  model: HubModel,
  start: string,
  what: string,
  init: { readonly signal: AbortSignal; readonly headers: Readonly<Record<string, string>> },
  now: number,
): Promise<Response> {
  const home = new URL(hub.url)
  let url = new URL(start)
  for (let redirects = 0; redirects <= MAX_REDIRECTS; redirects++) {
    const sentToken = hub.token !== undefined && url.origin === home.origin
    const response = await hub.fetch(url.href, {
      redirect: 'manual',
      signal: init.signal,
      headers: {
        'user-agent': USER_AGENT,
        // A packed body would make ranges and sizes meaningless.
        'accept-encoding': 'identity',
        ...init.headers,
        ...(sentToken ? { authorization: `Bearer ${hub.token}` } : {}),
      },
    })
    // 416: the part on disk is not a part of this file; the caller starts again.
    if (response.ok || response.status === 416) return response
    await response.body?.cancel()
    const location = response.headers.get('location')
    if (response.status < 300 || response.status >= 400 || location === null) {
      throw hubError({
        status: response.status,
        headers: response.headers,
        what,
        sentToken,
        now,
        hub: hub.url,
        model: model.id,
        revision: model.revision,
      })
    }
    url = redirected(location, url, model.id)
  }
  throw failure('endpoint-moved', `The hub sends ${what} of ${model.id} in circles.`, { model: model.id })
}

function redirected(location: string, from: URL, model: string): URL {
  const to = URL.canParse(location, from) ? new URL(location, from) : undefined
  const safe =
    to !== undefined && (to.protocol === 'https:' || (to.protocol === 'http:' && from.protocol === 'http:'))
  if (safe) return to
  throw failure(
    'endpoint-moved',
    `The hub redirects to an address that is not safe (host ${to?.host ?? 'unknown'}).`,
    { model },
  )
}

/** Runs `work` with a signal that also aborts after a silence; `touch` says that something came. */
export async function withIdleLimit<Result>(
  hub: HubSettings,
  model: HubModel,
  { signal, clock }: HubCall,
  work: (signal: AbortSignal, touch: () => void) => Promise<Result>,
): Promise<Result> {
  const own = new AbortController()
  let silent = false
  const arm = (): (() => void) =>
    clock.after(hub.idleMs, () => {
      silent = true
      own.abort()
    })
  let disarm = arm()
  const link = linkedSignal(signal, own.signal)
  const touch = (): void => {
    disarm()
    disarm = arm()
  }
  try {
    return await work(link.signal, touch)
  } catch (error) {
    if (signal.aborted) throw aborted(model.id)
    if (silent) {
      throw failure('timeout', `The hub was silent for ${Math.round(hub.idleMs / 1_000)} s.`, {
        model: model.id,
        phase: 'idle',
        scope: 'endpoint',
      })
    }
    throw networkFailure(error, hub, model)
  } finally {
    disarm()
    link.release()
  }
}

function networkFailure(error: unknown, hub: HubSettings, model: HubModel): unknown {
  // Failures of the file system pass: they are the disk's trouble, not the hub's.
  if (isOpenMuxError(error) || isFileSystemError(error)) return error
  const cause = (error as { cause?: unknown }).cause
  const code = (cause as { code?: unknown } | undefined)?.code
  const dns = code === 'ENOTFOUND' || code === 'EAI_AGAIN'
  const wrapped: OpenMuxError = failure(
    'network',
    `The model hub at ${new URL(hub.url).host} cannot be reached${typeof code === 'string' ? ` (${code})` : ''}.`,
    {
      model: model.id,
      cause: error,
      scope: dns ? 'machine' : 'endpoint',
      hint: dns
        ? 'Check the network of this machine, or work offline with models in the cache.'
        : 'Check the network and HF_ENDPOINT.',
      secrets: hub.token === undefined ? [] : [hub.token],
    },
  )
  return wrapped
}

function isFileSystemError(error: unknown): boolean {
  const { syscall } = error as { syscall?: unknown }
  return (
    typeof syscall === 'string' &&
    ['open', 'write', 'mkdir', 'rename', 'stat', 'rm', 'unlink'].includes(syscall)
  )
}

function asFile(value: unknown): HubFile | undefined {
  if (!isRecord(value) || typeof value['rfilename'] !== 'string') return undefined
  const path = value['rfilename']
  // Names come from elsewhere and become paths here.
  if (
    path.startsWith('/') ||
    path.includes('\\') ||
    path.split('/').some((part) => part === '..' || part === '')
  )
    return undefined
  const lfs = isRecord(value['lfs']) ? value['lfs'] : {}
  const size = lfs['size'] ?? value['size']
  const sha256 = lfs['sha256'] ?? lfs['oid']
  const blobId = value['blobId']
  return {
    path,
    ...(typeof size === 'number' ? { size } : {}),
    ...(typeof sha256 === 'string' && /^[0-9a-f]{64}$/.test(sha256) ? { sha256 } : {}),
    ...(typeof blobId === 'string' && /^[0-9a-f]{40}$/.test(blobId) && typeof sha256 !== 'string'
      ? { blobId }
      : {}),
  }
}

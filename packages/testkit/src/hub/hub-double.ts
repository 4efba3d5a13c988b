import { http, HttpResponse, type RequestHandler } from 'msw'
import { fileAnswer } from './file-answer.js'
import { faultBook, type FaultRule, type HubFault } from './hub-fault.js'
import { readRepository, type Repository } from './repository.js'

/** Options of {@link hubDouble}. */
export interface HubDoubleOptions {
  /** Absolute folder of the models, laid out as `<owner>/<name>/…`. */
  readonly models: string
  /** Address of the large storage, without a trailing slash; asked at each redirect. Default: the host of the request. */
  readonly storage?: () => string
  /** The one token the hub knows. Default: any token is a wrong one. */
  readonly token?: string
  /** Models that are for the holder of the token alone, and look absent to others. */
  readonly privateModels?: readonly string[]
  /** Models whose terms nobody has accepted yet. */
  readonly gatedModels?: readonly string[]
}

/** A model hub in MSW handlers, made from a folder. */
export interface HubDouble {
  /** For any host: `serveHandlers(hub.handlers)` or `interceptHandlers(hub.handlers)`. */
  readonly handlers: readonly RequestHandler[]
  /** Makes something go wrong. Rules strike in the order they were made. */
  fail(rule: FaultRule): void
  /** No faults any more. */
  reset(): void
}

/**
 * The parts of huggingface.co that a download needs, with its headers and refusals:
 * - `GET|HEAD /{owner}/{name}/resolve/{revision}/{path}`: small files by a relative redirect to
 *   `/api/resolve-cache/…`, files in large storage by a redirect to another host, with
 *   `X-Repo-Commit`, `X-Linked-Size`, `X-Linked-Etag` (huggingface_hub `constants.py`,
 *   `file_download.py`);
 * - `GET /api/models/{id}[/revision/{revision}][?blobs=true]` (huggingface_hub `hf_api.py`);
 * - `X-Error-Code` `RepoNotFound`, `RevisionNotFound`, `EntryNotFound`, `GatedRepo`; 401 for what
 *   does not exist and for what is private (huggingface_hub `utils/_http.py`);
 * - a storage that answers `Range`, and refuses requests which bring a token of their own beside the
 *   signed address, as object stores do.
 */
export function hubDouble(options: HubDoubleOptions): HubDouble {
  const faults = faultBook()
  const root = options.models

  const guarded =
    (
      answer: (request: Request, url: URL, fault: HubFault | undefined) => Promise<Response | undefined>,
      servesFile = false,
    ) =>
    async ({ request }: { request: Request }): Promise<Response | undefined> => {
      const url = new URL(request.url)
      const fault = faults.take(url.pathname, servesFile && request.method === 'GET')
      if (fault?.kind === 'network') return HttpResponse.error()
      if (fault?.kind === 'status')
        return new Response(`status ${fault.status}`, {
          status: fault.status,
          ...(fault.headers === undefined ? {} : { headers: fault.headers }),
        })
      return answer(request, url, fault)
    }

  const handlers: readonly RequestHandler[] = [
    http.all(
      /\/api\/models\//,
      guarded(async (request, url) => modelInfo(request, url, options)),
    ),
    http.all(
      /\/api\/resolve-cache\/models\//,
      guarded(async (request, url, fault) => {
        const [, owner, name, commit, path] =
          /resolve-cache\/models\/([^/]+)\/([^/]+)\/([^/]+)\/(.+)$/.exec(url.pathname) ?? []
        const repository = await readRepository(root, `${owner}/${name}`)
        const file = repository?.files.find((candidate) => candidate.path === decodeURIComponent(path ?? ''))
        if (repository === undefined || file === undefined)
          return refusal(404, 'EntryNotFound', 'Entry not found')
        return fileAnswer(request, file, { etag: `"${file.blobId}"`, 'x-repo-commit': commit ?? '' }, fault)
      }, true),
    ),
    http.all(
      /\/large-storage\//,
      guarded(async (request, url, fault) => {
        if (request.headers.has('authorization')) {
          return new Response(
            '<Error><Code>InvalidArgument</Code><Message>Only one auth mechanism allowed</Message></Error>',
            { status: 400 },
          )
        }
        const [, owner, name, sha256] =
          /large-storage\/([^/]+)\/([^/]+)\/([0-9a-f]{64})/.exec(url.pathname) ?? []
        const repository = await readRepository(root, `${owner}/${name}`)
        const file = repository?.files.find((candidate) => candidate.sha256 === sha256)
        return file === undefined
          ? new Response('NoSuchKey', { status: 404 })
          : fileAnswer(request, file, { etag: `"${file.sha256}"` }, fault)
      }, true),
    ),
    http.all(
      /\/resolve\//,
      guarded(async (request, url) => resolve(request, url, options)),
    ),
  ]
  return { handlers, fail: (rule) => faults.add(rule), reset: () => faults.clear() }
}

async function resolve(request: Request, url: URL, options: HubDoubleOptions): Promise<Response | undefined> {
  const [, owner, name, revision, path] =
    /^\/([^/]+)\/([^/]+)\/resolve\/([^/]+)\/(.+)$/.exec(url.pathname) ?? []
  if (owner === undefined || name === undefined || revision === undefined || path === undefined)
    return undefined
  const found = await openRepository(request, `${owner}/${name}`, decodeURIComponent(revision), options)
  if (found instanceof Response) return found
  const file = found.files.find((candidate) => candidate.path === decodeURIComponent(path))
  const commit = { 'x-repo-commit': found.commit }
  if (file === undefined) return refusal(404, 'EntryNotFound', 'Entry not found', commit)
  if (!file.lfs) {
    const location = `/api/resolve-cache/models/${found.id}/${found.commit}/${file.path}`
    return new Response(`Temporary Redirect. Redirecting to ${location}`, {
      status: 307,
      headers: { ...commit, location, etag: `"${file.blobId}"` },
    })
  }
  const location = `${options.storage?.() ?? url.origin}/large-storage/${found.id}/${file.sha256}/${file.path}?X-Signature=double`
  return new Response(`Found. Redirecting to ${location}`, {
    status: 302,
    headers: {
      ...commit,
      location,
      'x-linked-size': String(file.bytes.length),
      'x-linked-etag': `"${file.sha256}"`,
      'accept-ranges': 'bytes',
    },
  })
}

async function modelInfo(request: Request, url: URL, options: HubDoubleOptions): Promise<Response> {
  const [, owner, name, revision] =
    /^\/api\/models\/([^/]+)\/([^/]+)(?:\/revision\/([^/]+))?$/.exec(url.pathname) ?? []
  const found = await openRepository(
    request,
    `${owner}/${name}`,
    decodeURIComponent(revision ?? 'main'),
    options,
    true,
  )
  if (found instanceof Response) return found
  const withBlobs = url.searchParams.get('blobs') === 'true'
  const siblings = found.files.map((file) => ({
    rfilename: file.path,
    ...(withBlobs ? { size: file.bytes.length, blobId: file.blobId } : {}),
    ...(withBlobs && file.lfs
      ? { lfs: { sha256: file.sha256, size: file.bytes.length, pointerSize: 134 } }
      : {}),
  }))
  const gated = options.gatedModels?.includes(found.id) === true ? 'manual' : false
  return HttpResponse.json({
    id: found.id,
    modelId: found.id,
    sha: found.commit,
    private: false,
    gated,
    siblings,
  })
}

/** The repository, or the refusal a stranger gets. The list of files of a gated model is open to all. */
async function openRepository(
  request: Request,
  id: string,
  revision: string,
  options: HubDoubleOptions,
  listOnly = false,
): Promise<Repository | Response> {
  const authorization = request.headers.get('authorization')
  const known = options.token !== undefined && authorization === `Bearer ${options.token}`
  if (authorization !== null && !known)
    return refusal(401, undefined, 'Invalid credentials in Authorization header')
  const repository = await readRepository(options.models, id)
  const hidden = options.privateModels?.includes(id) === true && !known
  if (repository === undefined || hidden) {
    // With a token the hub says it plainly, without one it does not tell absent from private.
    return refusal(
      known ? 404 : 401,
      'RepoNotFound',
      known ? 'Repository not found' : 'Invalid username or password.',
    )
  }
  if (options.gatedModels?.includes(id) === true && !listOnly) {
    return refusal(known ? 403 : 401, 'GatedRepo', `Access to model ${id} is restricted.`)
  }
  if (revision !== 'main' && revision !== repository.commit)
    return refusal(404, 'RevisionNotFound', `Invalid rev id: ${revision}`)
  return repository
}

function refusal(
  status: number,
  code: string | undefined,
  message: string,
  headers: Readonly<Record<string, string>> = {},
): Response {
  return HttpResponse.json(
    { error: message },
    {
      status,
      headers: {
        ...headers,
        'x-error-message': message,
        ...(code === undefined ? {} : { 'x-error-code': code }),
      },
    },
  )
}

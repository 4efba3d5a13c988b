import { OpenMuxError } from '@openmux/core'
import type { IssuesClient, OpenIssue } from './issues-client.ts'

/** Where and as whom. */
export interface IssuesApiOptions {
  /** Default `https://api.github.com`; `GITHUB_API_URL` of a workflow. */
  readonly apiURL?: string
  /** `owner/name`; `GITHUB_REPOSITORY` of a workflow. */
  readonly repository: string
  /** `GITHUB_TOKEN` of a workflow, with `issues: write`. Sent to `apiURL` and nowhere else. */
  readonly token: string
  readonly fetch?: typeof globalThis.fetch
  /** Longest wait for one answer, ms. Default 20,000. */
  readonly timeoutMs?: number
}

const API = 'https://api.github.com'
/** The version whose shapes are read here (docs.github.com/en/rest/about-the-rest-api/api-versions). */
const API_VERSION = '2022-11-28'
/** Pages of 100 open issues with one label: more is no list that a person could have wanted. */
const MOST_PAGES = 20

/**
 * Issues by GitHub's REST API (docs.github.com/en/rest/issues/issues). Throws `bad-config` for what is missing, `auth`,
 * `not-found`, `rate-limit`, `unavailable`, `network` and `bad-response` for what GitHub says; the token is in none.
 */
export function issuesApi(options: IssuesApiOptions): IssuesClient {
  const { token, timeoutMs = 20_000 } = options
  const base = checked(options)
  const send = options.fetch ?? globalThis.fetch

  const request = async (
    method: string,
    url: string,
    body?: unknown,
  ): Promise<{ response: Response; value: unknown }> => {
    let response: Response
    let text: string
    try {
      response = await send(url, {
        method,
        headers: {
          accept: 'application/vnd.github+json',
          authorization: `Bearer ${token}`,
          'user-agent': 'openmux-drift',
          'x-github-api-version': API_VERSION,
          ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
        // A redirect would take the token along.
        redirect: 'manual',
        signal: AbortSignal.timeout(timeoutMs),
      })
      text = await response.text()
    } catch (cause) {
      throw new OpenMuxError({
        code: 'network',
        provider: 'github',
        message: `GitHub could not be asked: ${method} ${new URL(url).pathname}.`,
        hint: 'Run the workflow again; see https://www.githubstatus.com.',
        cause,
        secrets: [token],
      })
    }
    if (!response.ok) throw refusal(method, url, response, text, token)
    return { response, value: parsed(method, url, text) }
  }

  const issues = `${base}/issues`
  return {
    async openIssues(label) {
      const found: OpenIssue[] = []
      let url: string | undefined = `${issues}?state=open&per_page=100&labels=${encodeURIComponent(label)}`
      for (let page = 0; url !== undefined && page < MOST_PAGES; page += 1) {
        const { response, value } = await request('GET', url)
        if (!Array.isArray(value)) throw badShape('a list of issues')
        found.push(...value.flatMap(readIssue))
        url = nextPage(response.headers.get('link'), url)
      }
      return found
    },
    async ensureLabel(name, color, description) {
      try {
        await request('POST', `${base}/labels`, { name, color, description })
      } catch (error) {
        // 422 `already_exists`: what was wanted.
        if (!(error instanceof OpenMuxError) || error.upstream?.status !== 422) throw error
      }
    },
    async create(title, body, labels) {
      const { value } = await request('POST', issues, { title, body, labels })
      const [issue] = readIssue(value)
      if (issue === undefined) throw badShape('the issue that was opened')
      return issue.number
    },
    async update(number, title, body) {
      await request('PATCH', `${issues}/${number}`, { title, body })
    },
    async comment(number, body) {
      await request('POST', `${issues}/${number}/comments`, { body })
    },
    async close(number, reason) {
      await request('PATCH', `${issues}/${number}`, { state: 'closed', state_reason: reason })
    },
  }
}

function checked({ apiURL = API, repository, token }: IssuesApiOptions): string {
  const url = URL.parse(apiURL)
  const isHere = url !== null && ['127.0.0.1', 'localhost', '[::1]'].includes(url.hostname)
  if (url === null || (url.protocol !== 'https:' && !isHere))
    throw bad(
      'apiURL',
      'The address of the API must begin with https:.',
      'In a workflow it is GITHUB_API_URL.',
    )
  if (!/^[\w.-]+\/[\w.-]+$/.test(repository))
    throw bad(
      'repository',
      'The repository must be given as owner/name.',
      'In a workflow it is GITHUB_REPOSITORY.',
    )
  if (!/^[\x21-\x7e]+$/.test(token))
    throw bad(
      'token',
      'The token is missing, or holds blanks.',
      'Give the step `env: GITHUB_TOKEN: ${{ github.token }}` and the job `issues: write`.',
    )
  return `${url.href.replace(/\/+$/, '')}/repos/${repository}`
}

/** What GitHub refuses, by the meaning of its statuses (docs.github.com/en/rest/using-the-rest-api/troubleshooting-the-rest-api). */
function refusal(method: string, url: string, response: Response, text: string, token: string): OpenMuxError {
  const { status, headers } = response
  const isLimit =
    status === 429 ||
    (status === 403 && (headers.get('x-ratelimit-remaining') === '0' || headers.has('retry-after')))
  const code = isLimit
    ? 'rate-limit'
    : status === 401 || status === 403
      ? 'auth'
      : status === 404 || status === 410
        ? 'not-found'
        : status >= 500
          ? 'unavailable'
          : status >= 300 && status < 400
            ? 'endpoint-moved'
            : 'bad-request'
  const hints = {
    auth: 'The job needs the permission `issues: write`.',
    'not-found': 'Check GITHUB_REPOSITORY, and that issues are switched on there.',
    'rate-limit': 'Run the workflow again later.',
    unavailable: 'Run the workflow again; see https://www.githubstatus.com.',
    'endpoint-moved': 'The repository was renamed: check GITHUB_REPOSITORY.',
    'bad-request': 'What was sent is not what the API takes; the answer says which field.',
  } as const
  return new OpenMuxError({
    code,
    provider: 'github',
    message: `GitHub answered ${status} to ${method} ${new URL(url).pathname}: ${wordsOf(text)}`,
    hint: hints[code],
    upstream: { status, body: text },
    secrets: [token],
  })
}

function wordsOf(text: string): string {
  const value = silently(() => JSON.parse(text) as { readonly message?: unknown })
  return typeof value?.message === 'string' ? value.message : text.slice(0, 200)
}

function parsed(method: string, url: string, text: string): unknown {
  try {
    return JSON.parse(text) as unknown
  } catch {
    throw badShape(`JSON (${method} ${new URL(url).pathname})`)
  }
}

function silently<T>(work: () => T): T | undefined {
  try {
    return work()
  } catch {
    return undefined
  }
}

/** Pull requests are in the list as well. */
function readIssue(value: unknown): readonly OpenIssue[] {
  if (typeof value !== 'object' || value === null || 'pull_request' in value) return []
  const { number, title, body } = value as Readonly<Record<string, unknown>>
  if (typeof number !== 'number') return []
  return [
    { number, title: typeof title === 'string' ? title : '', body: typeof body === 'string' ? body : '' },
  ]
}

/** `Link: <…>; rel="next"`, of the same origin only: the token must not be led elsewhere. */
function nextPage(link: string | null, here: string): string | undefined {
  const next = /<([^>]+)>;\s*rel="next"/.exec(link ?? '')?.[1]
  const url = next === undefined ? null : URL.parse(next, here)
  return url !== null && url.origin === new URL(here).origin ? url.href : undefined
}

function badShape(expected: string): OpenMuxError {
  return new OpenMuxError({
    code: 'bad-response',
    provider: 'github',
    message: `GitHub did not send ${expected}.`,
    hint: 'Run the workflow again; see https://www.githubstatus.com.',
  })
}

function bad(field: string, message: string, hint: string): OpenMuxError {
  return new OpenMuxError({ code: 'bad-config', provider: 'github', field, message, hint })
}

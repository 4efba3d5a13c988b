import { http, HttpResponse, type RequestHandler } from 'msw'

/** What the double keeps of an issue. */
export interface DoubleIssue {
  readonly number: number
  title: string
  body: string
  labels: readonly string[]
  state: 'open' | 'closed'
  stateReason?: string
  readonly comments: string[]
  readonly isPullRequest: boolean
}

/** GitHub's issues of one repository (docs.github.com/en/rest/issues/issues, API version 2022-11-28). */
export interface GitHubDouble {
  readonly handlers: readonly RequestHandler[]
  readonly issues: DoubleIssue[]
  readonly labels: Set<string>
  add(issue: Partial<DoubleIssue>): DoubleIssue
  /** Every request that writes, or all, get this status. */
  refuse(status: number | undefined, headers?: Readonly<Record<string, string>>, reads?: boolean): void
}

/** Makes one. `pageSize` is smaller than GitHub's, so that a test needs fewer issues. */
export function githubDouble({
  token,
  pageSize = 2,
}: {
  readonly token: string
  readonly pageSize?: number
}): GitHubDouble {
  const issues: DoubleIssue[] = []
  const labels = new Set<string>()
  let refusal: { status: number; headers: Readonly<Record<string, string>>; reads: boolean } | undefined

  const route =
    (work: (request: Request, params: Readonly<Record<string, unknown>>) => Response | Promise<Response>) =>
    async ({
      request,
      params,
    }: {
      request: Request
      params: Readonly<Record<string, unknown>>
    }): Promise<Response> => {
      if (request.headers.get('authorization') !== `Bearer ${token}`)
        return HttpResponse.json(
          { message: 'Bad credentials', documentation_url: 'https://docs.github.com/rest' },
          { status: 401 },
        )
      if (refusal !== undefined && (refusal.reads || request.method !== 'GET'))
        return HttpResponse.json(
          // Servers quote what they were sent.
          { message: `Resource not accessible by integration ${request.headers.get('authorization') ?? ''}` },
          { status: refusal.status, headers: refusal.headers },
        )
      return work(request, params)
    }

  const shown = (issue: DoubleIssue): object => ({
    number: issue.number,
    title: issue.title,
    body: issue.body,
    state: issue.state,
    labels: issue.labels.map((name) => ({ name })),
    ...(issue.isPullRequest ? { pull_request: { url: 'https://api.github.com/pulls/1' } } : {}),
  })
  const add = (given: Partial<DoubleIssue>): DoubleIssue => {
    const issue: DoubleIssue = {
      number: issues.length + 1,
      title: '',
      body: '',
      labels: [],
      state: 'open',
      comments: [],
      isPullRequest: false,
      ...given,
    }
    issues.push(issue)
    return issue
  }
  const named = ({ number }: Readonly<Record<string, unknown>>): DoubleIssue | undefined =>
    issues.find((issue) => String(issue.number) === number)

  const list = (request: Request): Response => {
    const url = new URL(request.url)
    const label = url.searchParams.get('labels')
    const page = Number(url.searchParams.get('page') ?? '1')
    const found = issues
      .filter(
        ({ state, labels: its }) =>
          state === (url.searchParams.get('state') ?? 'open') && (label === null || its.includes(label)),
      )
      // The newest first, as GitHub sorts.
      .toReversed()
    const start = (page - 1) * pageSize
    const next = new URL(url)
    next.searchParams.set('page', String(page + 1))
    const more = start + pageSize < found.length
    return HttpResponse.json(found.slice(start, start + pageSize).map(shown), {
      headers: more ? { link: `<${next.href}>; rel="next", <${next.href}>; rel="last"` } : {},
    })
  }

  const base = '*/repos/:owner/:name'
  return {
    issues,
    labels,
    add,
    refuse(status, headers = {}, reads = false) {
      refusal = status === undefined ? undefined : { status, headers, reads }
    },
    handlers: [
      http.get(`${base}/issues`, route(list)),
      http.post(
        `${base}/issues`,
        route(async (request) => {
          const { title, body, labels: its } = (await request.json()) as DoubleIssue
          return HttpResponse.json(shown(add({ title, body, labels: its })), { status: 201 })
        }),
      ),
      http.patch(
        `${base}/issues/:number`,
        route(async (request, params) => {
          const issue = named(params)
          if (issue === undefined) return HttpResponse.json({ message: 'Not Found' }, { status: 404 })
          const { state_reason: stateReason, ...changes } = (await request.json()) as Record<string, string>
          Object.assign(issue, changes, stateReason === undefined ? {} : { stateReason })
          return HttpResponse.json(shown(issue))
        }),
      ),
      http.post(
        `${base}/issues/:number/comments`,
        route(async (request, params) => {
          const issue = named(params)
          if (issue === undefined) return HttpResponse.json({ message: 'Not Found' }, { status: 404 })
          issue.comments.push(((await request.json()) as { body: string }).body)
          return HttpResponse.json({ id: 1 }, { status: 201 })
        }),
      ),
      http.post(
        `${base}/labels`,
        route(async (request) => {
          const { name } = (await request.json()) as { name: string }
          if (labels.has(name))
            return HttpResponse.json(
              {
                message: 'Validation Failed',
                errors: [{ resource: 'Label', code: 'already_exists', field: 'name' }],
              },
              { status: 422 },
            )
          labels.add(name)
          return HttpResponse.json({ name }, { status: 201 })
        }),
      ),
      http.all('*', () => HttpResponse.json({ message: 'Not Found' }, { status: 404 })),
    ],
  }
}

import { isOpenMuxError, type OpenMuxError } from '@openmux/core'
import { serveHandlers } from '@openmux/testkit'
import { http, HttpResponse } from 'msw'
import { afterAll, beforeEach, describe, expect, it } from 'vitest'
import { githubDouble } from './github-double.ts'
import { issuesApi } from './issues-api.ts'

const TOKEN = 'ghs_canaryCanary4711canaryCanary'
let github = githubDouble({ token: TOKEN })
const server = await serveHandlers([])
beforeEach(() => {
  github = githubDouble({ token: TOKEN })
  server.reset()
  server.use(...github.handlers)
})
afterAll(() => server.close())

const client = (changes: object = {}) =>
  issuesApi({ apiURL: server.url, repository: 'openmux/openmux', token: TOKEN, ...changes })

describe('the issues of a repository', () => {
  it('are found over all pages, by label, without pull requests and closed ones', async () => {
    for (let index = 0; index < 5; index += 1) github.add({ title: `drift ${index}`, labels: ['drift'] })
    github.add({ title: 'a pull request', labels: ['drift'], isPullRequest: true })
    github.add({ title: 'closed', labels: ['drift'], state: 'closed' })
    github.add({ title: 'other', labels: ['bug'] })
    const found = await client().openIssues('drift')
    expect(found.map(({ title }) => title)).toEqual(['drift 4', 'drift 3', 'drift 2', 'drift 1', 'drift 0'])
    expect(server.requests()).toHaveLength(3)
  })

  it('have a body of their own even where GitHub says null', async () => {
    server.use(
      http.get('*/issues', () => HttpResponse.json([{ number: 1, title: 'x', body: null }, 'no issue'])),
    )
    expect(await client().openIssues('drift')).toEqual([{ number: 1, title: 'x', body: '' }])
  })

  it('are opened, updated, commented and closed', async () => {
    const number = await client().create('title', 'body', ['drift'])
    await client().update(number, 'other title', 'other body')
    await client().comment(number, 'a word')
    await client().close(number, 'completed')
    expect(github.issues).toEqual([
      expect.objectContaining({
        title: 'other title',
        body: 'other body',
        labels: ['drift'],
        comments: ['a word'],
        state: 'closed',
        stateReason: 'completed',
      }),
    ])
  })

  it('have a label that is made once', async () => {
    await client().ensureLabel('drift', 'd93f0b', 'words')
    await client().ensureLabel('drift', 'd93f0b', 'words')
    expect([...github.labels]).toEqual(['drift'])
  })
})

describe('a page that leads elsewhere', () => {
  it('is not followed: the token stays', async () => {
    const elsewhere = await serveHandlers([http.all('*', () => HttpResponse.json([]))])
    server.use(
      http.get('*/issues', () =>
        HttpResponse.json([], { headers: { link: `<${elsewhere.url}/issues?page=2>; rel="next"` } }),
      ),
    )
    expect(await client().openIssues('drift')).toEqual([])
    expect(elsewhere.requests()).toEqual([])
    await elsewhere.close()
  })

  it('that leads to itself comes to an end', async () => {
    server.use(
      http.get('*/issues', ({ request }) =>
        HttpResponse.json([], { headers: { link: `<${request.url}>; rel="next"` } }),
      ),
    )
    expect(await client().openIssues('drift')).toEqual([])
  })

  it('neither is a redirect', async () => {
    const elsewhere = await serveHandlers([http.all('*', () => HttpResponse.json([]))])
    server.use(
      http.get(
        '*/issues',
        () => new HttpResponse(null, { status: 301, headers: { location: elsewhere.url } }),
      ),
    )
    expect(await failureOf(client().openIssues('drift'))).toMatchObject({ code: 'endpoint-moved' })
    expect(elsewhere.requests()).toEqual([])
    await elsewhere.close()
  })
})

describe('what GitHub refuses', () => {
  it.each([
    [401, {}, 'auth'],
    [403, {}, 'auth'],
    [403, { 'x-ratelimit-remaining': '0' }, 'rate-limit'],
    [403, { 'retry-after': '60' }, 'rate-limit'],
    [429, {}, 'rate-limit'],
    [404, {}, 'not-found'],
    [410, {}, 'not-found'],
    [422, {}, 'bad-request'],
    [502, {}, 'unavailable'],
  ] as const)('%i %j is %s, and the token is in no part of it', async (status, headers, code) => {
    github.refuse(status, headers, true)
    const error = await failureOf(client().openIssues('drift'))
    expect(error).toMatchObject({ code, provider: 'github' })
    expect(error.hint).not.toBe('')
    expect(JSON.stringify(error) + String(error.stack) + error.message).not.toContain(TOKEN)
  })

  it('is a wrong token, too', async () => {
    expect(await failureOf(client({ token: 'ghs_another' }).openIssues('drift'))).toMatchObject({
      code: 'auth',
    })
  })

  it('is a label that cannot be made for another reason', async () => {
    github.refuse(403)
    expect(await failureOf(client().ensureLabel('drift', '', ''))).toMatchObject({ code: 'auth' })
  })
})

describe('what is no answer', () => {
  it('a web page is `bad-response`', async () => {
    server.use(http.get('*/issues', () => HttpResponse.html('<!doctype html>')))
    expect(await failureOf(client().openIssues('drift'))).toMatchObject({ code: 'bad-response' })
  })

  it('an object in place of a list is `bad-response`', async () => {
    server.use(http.get('*/issues', () => HttpResponse.json({})))
    expect(await failureOf(client().openIssues('drift'))).toMatchObject({ code: 'bad-response' })
  })

  it('an address where nobody listens is `network`', async () => {
    const gone = await serveHandlers([])
    await gone.close()
    expect(await failureOf(client({ apiURL: gone.url }).openIssues('drift'))).toMatchObject({
      code: 'network',
    })
  })

  it('silence ends after the limit', async () => {
    server.use(http.get('*/issues', () => new Promise<Response>(() => undefined)))
    expect(await failureOf(client({ timeoutMs: 50 }).openIssues('drift'))).toMatchObject({ code: 'network' })
  })
})

describe('what is missing', () => {
  it.each([
    ['token', { token: '' }],
    ['token', { token: 'two words' }],
    ['repository', { repository: 'openmux' }],
    ['repository', { repository: 'openmux/openmux/../other' }],
    ['apiURL', { apiURL: 'http://example.com' }],
    ['apiURL', { apiURL: 'nothing' }],
  ])('is `bad-config` by its field: %s %j', (field, changes) => {
    expect(() => client(changes)).toThrow(expect.objectContaining({ code: 'bad-config', field }))
  })
})

async function failureOf(work: Promise<unknown>): Promise<OpenMuxError> {
  const error: unknown = await work.then(
    () => undefined,
    (thrown: unknown) => thrown,
  )
  if (isOpenMuxError(error)) return error
  throw new Error(`it did not fail as it should: ${String(error)}`)
}

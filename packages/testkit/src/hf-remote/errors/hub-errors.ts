import type { HfErrorFixture } from '../fixture.js'

const HTTP = 'huggingface/huggingface_hub src/huggingface_hub/utils/_http.py'

/** `huggingface.co/api`: the mapping lookup and the check of the token. */
export const HUB_ERRORS: readonly HfErrorFixture[] = [
  {
    name: 'hub: 404 repository not found',
    surface: 'hub',
    source: HTTP,
    mark: 'verified',
    status: 404,
    headers: { 'x-error-code': 'RepoNotFound', 'x-error-message': 'Repository not found' },
    body: { error: 'Repository not found' },
    expected: { code: 'model-not-found', scope: 'model', until: 'never' },
  },
  {
    name: 'hub: 401 for a stranger who asks for what does not exist',
    surface: 'hub',
    source: HTTP,
    mark: 'verified',
    status: 401,
    headers: { 'x-error-code': 'RepoNotFound', 'x-error-message': 'Repository not found' },
    body: { error: 'Repository not found' },
    expected: { code: 'model-not-found', scope: 'model', until: 'never' },
  },
  {
    name: 'hub: 403 gated repository',
    surface: 'hub',
    source: HTTP,
    mark: 'verified',
    status: 403,
    headers: { 'x-error-code': 'GatedRepo' },
    body: { error: 'Access to model meta-llama/Llama-3.1-8B-Instruct is restricted.' },
    expected: { code: 'needs-setup', scope: 'model', until: 'never' },
  },
  {
    name: 'hub: 401 bad token at whoami',
    surface: 'hub',
    source: 'huggingface/huggingface_hub src/huggingface_hub/hf_api.py, whoami',
    mark: 'verified',
    status: 401,
    body: { error: 'Invalid username or password.' },
    expected: { code: 'auth', scope: 'key', until: 'never' },
  },
  {
    name: 'hub: 429 by a window of five minutes',
    surface: 'hub',
    source: 'huggingface/hub-docs docs/hub/rate-limits.md',
    mark: 'verified',
    status: 429,
    headers: { ratelimit: '"api";r=0;t=90', 'ratelimit-policy': '"fixed window";"api";q=500;w=300' },
    body: { error: 'We had to rate limit your IP.' },
    expected: { code: 'rate-limit', scope: 'model', until: 90_000 },
  },
  {
    name: 'hub: 500',
    surface: 'hub',
    source: HTTP,
    mark: 'captured',
    status: 500,
    body: { error: 'Internal Error - We are working hard to fix this as soon as possible!' },
    expected: { code: 'unavailable', scope: 'model' },
  },
]

import { errorBody, type OllamaFixture } from './refusal-fixture.js'

/** Why a model could not be fetched: lines of a stream, after status 200 (provider-apis 2.5). */
export const PULL_REFUSALS: readonly OllamaFixture[] = [
  {
    name: 'pull of an unknown model',
    source: 'provider-apis 2.5',
    mark: 'verified',
    path: '/api/pull',
    status: 200,
    body: errorBody('pull model manifest: file does not exist'),
    code: 'model-not-found',
  },
  {
    name: 'pull without network',
    source: 'real 0.24.0',
    mark: 'verified',
    path: '/api/pull',
    status: 200,
    body: errorBody(
      'pull model manifest: Get "https://registry.ollama.ai/v2/library/llama3.2/manifests/1b": dial tcp: lookup registry.ollama.ai on 10.0.0.1:53: no such host',
    ),
    code: 'network',
  },
  {
    name: 'pull onto a full disk',
    source: 'Go os errors',
    mark: 'uncertain',
    path: '/api/pull',
    status: 200,
    body: errorBody('write /models/blobs/sha256-1-partial-0: no space left on device'),
    code: 'needs-setup',
  },
  {
    name: 'pull by an old server',
    source: 'registry answer',
    mark: 'captured',
    path: '/api/pull',
    status: 200,
    body: errorBody(
      'pull model manifest: 412: The model you are attempting to pull requires a newer version of Ollama.',
    ),
    code: 'needs-setup',
  },
]

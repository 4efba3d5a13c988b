import { HttpResponse } from 'msw'
import type { HfDoubleModel, HfDoubleServing } from './models.js'

/** The forms in which the hub tells who serves a model (huggingface.js accepts both lists). `absent`: no member at all. */
export type MappingForm = 'object' | 'array' | 'empty-array' | 'empty-object' | 'absent'

/** `GET /api/models/{id}?expand[]=inferenceProviderMapping` (hub-docs inference-providers/hub-api.md). */
export function modelInfoResponse(model: HfDoubleModel, form: MappingForm): Response {
  const base = { _id: '651e96991b97c9f33d26bde6', id: model.id }
  if (form === 'absent') return HttpResponse.json(base)
  return HttpResponse.json({ ...base, inferenceProviderMapping: mappingOf(model, form) })
}

function mappingOf({ id, serving }: HfDoubleModel, form: Exclude<MappingForm, 'absent'>): unknown {
  if (form === 'empty-array') return []
  if (form === 'empty-object') return {}
  const entry = ({ provider, status, task, providerId }: HfDoubleServing): object => ({
    ...(form === 'array' ? { provider, hfModelId: id } : {}),
    status,
    providerId: providerId ?? id,
    task,
    isModelAuthor: false,
  })
  if (form === 'array') return serving.map(entry)
  return Object.fromEntries(serving.map((one) => [one.provider, entry(one)]))
}

/** `GET /api/models?inference_provider=…&pipeline_tag=…`: a bare list. */
export function modelListResponse(models: readonly HfDoubleModel[], url: URL): Response {
  const provider = url.searchParams.get('inference_provider')
  const tag = url.searchParams.get('pipeline_tag')
  const found = models.filter(
    ({ serving, pipelineTag }) =>
      (tag === null || pipelineTag === tag) &&
      (provider === null ||
        serving.some((one) => one.status === 'live' && (provider === 'all' || one.provider === provider))),
  )
  return HttpResponse.json(
    found.map(({ id, pipelineTag }) => ({
      id,
      modelId: id,
      pipeline_tag: pipelineTag,
      private: false,
      tags: [],
    })),
  )
}

/** `GET /api/whoami-v2`. `write`: whether the fine-grained token may call inference providers. */
export function whoamiResponse(mayInfer: boolean): Response {
  return HttpResponse.json({
    type: 'user',
    id: '5f0000000000000000000000',
    name: 'double-user',
    isPro: false,
    auth: {
      type: 'access_token',
      accessToken: {
        displayName: 'double',
        role: 'fineGrained',
        fineGrained: {
          canReadGatedRepos: false,
          global: [],
          scoped: [
            {
              entity: { type: 'user', name: 'double-user' },
              permissions: mayInfer ? ['inference.serverless.write'] : ['repo.content.read'],
            },
          ],
        },
      },
    },
  })
}

/** `GET /v1/models` of the router: chat models only, prices as numbers in USD per million tokens. */
export function routerModelsResponse(models: readonly HfDoubleModel[]): Response {
  const data = models.filter(isChat).map(({ id, serving, inputModalities = ['text'] }) => ({
    id,
    object: 'model',
    created: 1_754_000_000,
    owned_by: id.split('/')[0],
    architecture: { input_modalities: inputModalities, output_modalities: ['text'] },
    providers: serving
      .filter(({ status }) => status !== 'staging')
      .map(({ provider, status, listed }) => ({ provider, status, ...listed, is_model_author: false })),
  }))
  return HttpResponse.json({ object: 'list', data })
}

/** Whether a model chats, by what anybody serves it for. */
export function isChat({ serving }: HfDoubleModel): boolean {
  return serving.some(({ task, listed }) => task === 'conversational' && listed !== undefined)
}

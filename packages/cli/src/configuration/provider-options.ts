import { isAbsolute } from 'node:path'
import * as z from 'zod'
import { flag, name, strict, whole, words } from './shapes.js'

const DTYPES = [
  'fp32',
  'fp16',
  'q8',
  'int8',
  'uint8',
  'q4',
  'q4f16',
  'bnb4',
  'q2',
  'q2f16',
  'q1',
  'q1f16',
] as const
const DEVICES = ['auto', 'cpu', 'cuda', 'webgpu', 'dml', 'coreml'] as const

const enabled = flag
const milliseconds = whole(0, 'a number of milliseconds from 0')
const dtype = z.enum(DTYPES, words(`one of ${DTYPES.join(', ')}`)).optional()
const device = z.enum(DEVICES, words(`one of ${DEVICES.join(', ')}`)).optional()
const count = whole(1, 'a whole number above 0')

/** A path that means the same wherever the program is started. */
const absolutePath = z.string(words('an absolute path')).refine(isAbsolute, words('an absolute path'))

const hfModel = 'a model id, or an object with "model" and its options'

/** The keys below `providers`, by provider: the options of each package that make sense in a file. */
export const PROVIDER_OPTIONS = {
  ollama: strict(
    {
      enabled,
      baseURL: name('an address, in any spelling OLLAMA_HOST takes'),
      apiKey: name('a key'),
      contextTokens: count,
      maxContextTokens: count,
      keepAlive: z.union([z.string(), z.number()], words('seconds, or a duration like "10m"')).optional(),
      cloudModels: flag,
      memoryBytes: count,
      embedBatch: count,
    },
    'an object of options',
  ).optional(),
  openrouter: strict(
    {
      enabled,
      apiKey: name('a key'),
      baseURL: name('an address that ends in /api/v1'),
      allowInsecureKey: flag,
      app: strict(
        { url: name('the address of your application'), title: name('the name of your application') },
        'an object with "url" and "title"',
      ).optional(),
      routing: z
        .looseObject({}, words('an object in OpenRouter\'s own words, like { "sort": "price" }'))
        .optional(),
      allowPaid: flag,
      maxTokens: count,
      modelsForMs: milliseconds,
      embedBatch: count,
    },
    'an object of options',
  ).optional(),
  'hf-local': strict(
    {
      enabled,
      chatModel: name('a model id like "organisation/name", or an absolute path'),
      embeddingModel: name('a model id like "organisation/name", or an absolute path'),
      models: z
        .array(
          z.union(
            [
              z.string().min(1),
              strict(
                {
                  model: z.string(words('a model id')).min(1, words('a model id')),
                  name: name('an id like "organisation/name", for a model folder'),
                  lastResort: name('what the model is, for one that answers only when nobody else can'),
                  revision: name('a branch, tag or commit'),
                  dtype,
                  device,
                  contextTokens: whole(2, 'a whole number above 1'),
                  pooling: z
                    .enum(['mean', 'cls', 'last-token'], words('one of mean, cls, last-token'))
                    .optional(),
                  normalize: flag,
                },
                hfModel,
              ),
            ],
            words(hfModel),
          ),
          words('an array of models'),
        )
        .optional(),
      modelFolders: z.array(absolutePath, words('an array of absolute paths')).optional(),
      cacheFolder: absolutePath.optional(),
      offline: flag,
      hub: name('the address of a model hub'),
      token: name('a token'),
      device,
      dtype,
      threads: count,
      queueLimit: whole(0, 'a whole number from 0'),
      idleUnloadMs: milliseconds,
      maxTokens: count,
      workerHeapMegabytes: count,
    },
    'an object of options',
  ).optional(),
  'hf-remote': strict(
    {
      enabled,
      token: name('a token'),
      billTo: name('the name of an organisation'),
      baseURL: name('the address of a router'),
      hubURL: name('the address of a model hub'),
      allowPaid: flag,
      embedBatch: count,
    },
    'an object of options',
  ).optional(),
}

const TASK_WORDS = ['chat', 'code', 'embeddings'] as const
const tasks = z
  .array(
    z.enum(TASK_WORDS, words('one of chat, code, embeddings')),
    words('an array of chat, code, embeddings'),
  )
  .min(1, words('an array of chat, code, embeddings'))
  .optional()
const abilities = z
  .record(z.string(), z.boolean(words('true or false')), words('an object of abilities'))
  .optional()
const ownModel = 'a model id, or an object with "id" and what is known of it'

/** A server or service of the OpenAI format, under a name of the user's own or that of a preset. */
export const SERVER_OPTIONS = strict(
  {
    enabled,
    preset: name('the name of a preset, like "groq"'),
    name: name('a name for people'),
    baseURL: name('the address before /chat/completions, like "http://127.0.0.1:8080/v1"'),
    apiKey: name('a key'),
    apiKeyVariable: name('the name of an environment variable'),
    requiresKey: flag,
    allowInsecureKey: flag,
    headers: z
      .record(z.string(), z.string(words('a text')), words('an object of header names and texts'))
      .optional(),
    models: z
      .array(
        z.union([z.string().min(1), z.looseObject({ id: z.string().min(1), tasks })], words(ownModel)),
        words('an array of models'),
      )
      .optional(),
    locality: z.enum(['local', 'remote'], words('one of local, remote')).optional(),
    tasks,
    supports: abilities,
    embedBatch: count,
  },
  'an object of options',
)

/** A dedicated Inference Endpoint of Hugging Face, under a name of the user's own. */
export const ENDPOINT_OPTIONS = strict(
  {
    enabled,
    url: z.string(words('the address of the endpoint')).min(1, words('the address of the endpoint')),
    task: z.enum(['chat', 'embeddings'], words('one of chat, embeddings')),
    model: name('the name of a model'),
    token: name('a token'),
    scaleUpTimeoutMs: milliseconds,
    scaleUp: z.enum(['poll', 'hold'], words('one of poll, hold')).optional(),
    supports: abilities,
    pooling: z
      .enum(['mean', 'cls', 'last-token', 'unknown'], words('one of mean, cls, last-token, unknown'))
      .optional(),
  },
  'an object of options',
)

import { isAbsolute } from 'node:path'
import * as z from 'zod'
import { name, strict, whole, words } from './shapes.js'

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

const enabled = z.boolean(words('true or false')).optional()
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
      cloudModels: z.boolean(words('true or false')).optional(),
      memoryBytes: count,
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
                  revision: name('a branch, tag or commit'),
                  dtype,
                  device,
                  contextTokens: whole(2, 'a whole number above 1'),
                  pooling: z
                    .enum(['mean', 'cls', 'last-token'], words('one of mean, cls, last-token'))
                    .optional(),
                  normalize: z.boolean(words('true or false')).optional(),
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
      offline: z.boolean(words('true or false')).optional(),
      hub: name('the address of a model hub'),
      token: name('a token'),
      device,
      dtype,
      threads: count,
      queueLimit: whole(0, 'a whole number from 0'),
      idleUnloadMs: whole(0, 'a number of milliseconds from 0'),
      maxTokens: count,
      workerHeapMegabytes: count,
    },
    'an object of options',
  ).optional(),
}

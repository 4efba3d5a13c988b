import { join } from 'node:path'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { defaultCacheFolder } from '../src/cache/cache-folder.js'
import { folderContextTokens } from '../src/cache/context-tokens.js'
import { folderPooling } from '../src/cache/folder-pooling.js'
import { taskOf } from '../src/cache/model-folder.js'
import { chooseDtype, deviceOrder, weightsFiles } from '../src/device-and-dtype.js'
import { chooseFiles } from '../src/download/choose-files.js'
import { diskFailure } from '../src/download/disk-errors.js'
import { hfLocal, type HfLocalOptions } from '../src/index.js'
import { parseReference, spaceName } from '../src/model-reference.js'
import { callQueue } from '../src/models/queue.js'
import { defaultThreads } from '../src/settings.js'

describe('the cache folder', () => {
  const at = (platform: string, env: Record<string, string> = {}): string =>
    defaultCacheFolder({ platform, env, home: '/home/ada' })
  it('follows the convention of the platform, and OPENMUX_CACHE before it', () => {
    expect(at('linux')).toBe('/home/ada/.cache/openmux/models')
    expect(at('linux', { XDG_CACHE_HOME: '/x' })).toBe('/x/openmux/models')
    expect(at('linux', { XDG_CACHE_HOME: 'relative' })).toBe('/home/ada/.cache/openmux/models')
    expect(at('darwin', { XDG_CACHE_HOME: '/x' })).toBe('/home/ada/Library/Caches/openmux/models')
    expect(at('win32', { LOCALAPPDATA: '/appdata' })).toBe('/appdata/openmux/models')
    expect(at('linux', { OPENMUX_CACHE: '/mine', XDG_CACHE_HOME: '/x' })).toBe('/mine/models')
    expect(at('linux', { OPENMUX_CACHE: ' ' })).toBe('/home/ada/.cache/openmux/models')
  })
})

describe('names of models', () => {
  it('are read as hub ids, folders or bare names', () => {
    expect(parseReference('org/name')).toEqual({ kind: 'hub', id: 'org/name', revision: 'main' })
    expect(parseReference('org/name@refs/pr/1')).toEqual({
      kind: 'hub',
      id: 'org/name',
      revision: 'refs/pr/1',
    })
    expect(parseReference('/models/x')).toEqual({ kind: 'folder', path: '/models/x' })
    expect(parseReference('tiny')).toEqual({ kind: 'name', name: 'tiny' })
  })

  it('can never lead out of the cache', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: fc.constantFrom('a', '.', '/', '\\', '@', '-', ' ', ':', '\0') }),
        (text) => {
          const reference = parseReference(text)
          if (reference?.kind !== 'hub') return
          const path = join('/cache', ...reference.id.split('/'), ...reference.revision.split('/'))
          expect(path.startsWith('/cache/')).toBe(true)
          expect(path.split('/')).toHaveLength(4 + reference.revision.split('/').length)
        },
      ),
      { numRuns: 2_000 },
    )
  })

  it('give the name of the vector space', () => {
    expect(spaceName('Xenova/all-MiniLM-L6-v2')).toBe('all-minilm-l6-v2')
    expect(spaceName('onnx-community/all-MiniLM-L6-v2-ONNX@main')).toBe('all-minilm-l6-v2')
    expect(spaceName('/models/My-Model/')).toBe('my-model')
  })
})

describe('weights', () => {
  const sizes = (...names: string[]): Map<string, number> => new Map(names.map((name) => [name, 10]))
  it('are found by the ends of their names, whole ones only', () => {
    const found = weightsFiles(
      sizes('model.onnx', 'model_q4.onnx', 'model_q4.onnx_data', 'model_quantized.onnx'),
      {},
    )
    expect(found.map(({ dtype, files, bytes }) => [dtype, files, bytes])).toEqual([
      ['fp32', ['model.onnx'], 10],
      ['q8', ['model_quantized.onnx'], 10],
      ['q4', ['model_q4.onnx', 'model_q4.onnx_data'], 20],
    ])
    const announced = { 'transformers.js_config': { use_external_data_format: { 'model.onnx': 2 } } }
    expect(weightsFiles(sizes('model.onnx', 'model.onnx_data'), announced)).toEqual([])
    expect(
      weightsFiles(sizes('model.onnx', 'model.onnx_data', 'model.onnx_data_1'), announced)[0]?.files,
    ).toHaveLength(3)
  })

  it('of several parts count when all parts are there', () => {
    expect(weightsFiles(sizes('decoder_model_merged_q4.onnx'), {})).toEqual([])
    expect(weightsFiles(sizes('decoder_model_merged_q4.onnx', 'embed_tokens_q4.onnx'), {})).toMatchObject([
      { dtype: 'q4', base: 'decoder_model_merged' },
    ])
  })

  it('are 8-bit on a CPU, half floats elsewhere, and what was asked for or nothing', () => {
    const weights = weightsFiles(sizes('model.onnx', 'model_fp16.onnx', 'model_quantized.onnx'), {})
    expect(chooseDtype(weights, 'cpu', undefined)?.dtype).toBe('q8')
    expect(chooseDtype(weights, 'webgpu', undefined)?.dtype).toBe('fp16')
    expect(chooseDtype(weights, 'cpu', 'fp32')?.dtype).toBe('fp32')
    expect(chooseDtype(weights, 'cpu', 'q4')).toBeUndefined()
  })

  it('of a repository come with the small files, last', () => {
    const listing = [
      'README.md',
      'onnx/model_quantized.onnx',
      'config.json',
      'tokenizer.json',
      'tokenizer_config.json',
      'modules.json',
    ].map((path) => ({ path, size: 1 }))
    const chosen = chooseFiles(listing, {}, 'cpu', undefined)
    expect('files' in chosen && chosen.files.map((file) => file.path)).toEqual([
      'config.json',
      'tokenizer.json',
      'tokenizer_config.json',
      'modules.json',
      'onnx/model_quantized.onnx',
    ])
    expect(chooseFiles(listing.slice(0, 3), {}, 'cpu', 'fp32')).toEqual({
      missing: ['tokenizer.json', 'tokenizer_config.json', 'onnx/model (fp32)'],
      dtypes: ['q8'],
    })
  })
})

describe('devices', () => {
  it('are tried one by one, the CPU last; one that was asked for stands alone', () => {
    expect(deviceOrder('auto', 'linux', 'x64')).toEqual(['cuda', 'cpu'])
    expect(deviceOrder('auto', 'win32', 'x64')).toEqual(['dml', 'cpu'])
    expect(deviceOrder('auto', 'darwin', 'arm64')).toEqual(['cpu'])
    expect(deviceOrder('webgpu', 'linux', 'x64')).toEqual(['webgpu'])
    expect([1, 2, 4, 8, 64].map(defaultThreads)).toEqual([1, 2, 4, 4, 8])
  })
})

describe('what a model is for', () => {
  const task = (architecture: string, name = 'x', pooling = false): string | undefined =>
    taskOf({ architectures: [architecture] }, name, pooling)
  it('is seen from its files', () => {
    expect(task('LlamaForCausalLM')).toBe('chat')
    expect(task('BertModel')).toBe('embeddings')
    expect(task('Qwen3ForCausalLM', 'Qwen3-Embedding-0.6B')).toBe('embeddings')
    expect(task('Qwen3ForCausalLM', 'x', true)).toBe('embeddings')
    expect(task('WhisperForConditionalGeneration')).toBeUndefined()
    expect(task('BertForSequenceClassification')).toBeUndefined()
  })

  it('as are its window and its pooling', () => {
    expect(
      folderContextTokens({ max_position_embeddings: 8192 }, { model_max_length: 1e30 }, undefined),
    ).toBe(8192)
    expect(
      folderContextTokens(
        { max_position_embeddings: 514, model_type: 'xlm-roberta' },
        {},
        { max_seq_length: 512 },
      ),
    ).toBe(512)
    expect(folderContextTokens({ text_config: { max_position_embeddings: 4096 } }, {}, undefined)).toBe(4096)
    expect(folderContextTokens({}, {}, undefined)).toBeUndefined()
    expect(folderPooling({ pooling_mode_cls_token: true }, 'x')).toBe('cls')
    expect(folderPooling(undefined, 'bge-small-en-v1.5')).toBe('cls')
    expect(folderPooling(undefined, 'all-MiniLM-L6-v2')).toBe('mean')
    expect(folderPooling(undefined, 'Qwen3-Embedding-0.6B-ONNX')).toBe('last-token')
    expect(folderPooling(undefined, 'nobody-knows')).toBeUndefined()
  })
})

describe('the queue', () => {
  it('serves everybody once, in order, whoever leaves', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.boolean(), { maxLength: 12 }), async (leaves) => {
        const queue = callQueue('m', 20)
        const served: number[] = []
        const controls = leaves.map(() => new AbortController())
        const calls = controls.map(async (control, place) => {
          const release = await queue.enter(control.signal, () => undefined)
          served.push(place)
          await Promise.resolve()
          release()
        })
        // The first is in already and cannot leave the queue any more.
        leaves.forEach((leave, place) => leave && place > 0 && controls[place]?.abort())
        await Promise.allSettled(calls)
        expect(served).toEqual([...leaves.keys()].filter((place) => place === 0 || !leaves[place]))
        expect(queue.size).toBe(0)
      }),
    )
  })
})

describe('options', () => {
  it.each([
    ['hub', { hub: 'ftp://x' }],
    ['hub', { hub: 'https://user:secret-word@x' }],
    ['HF_ENDPOINT', { environment: { HF_ENDPOINT: 'nonsense' } }],
    ['token', { token: 'two words' }],
    ['cacheFolder', { cacheFolder: 'relative/folder' }],
    ['dtype', { dtype: 'q9' }],
    ['device', { device: 'warp' }],
    ['threads', { threads: 0 }],
    ['queueLimit', { queueLimit: 1.5 }],
    ['idleUnloadMs', { idleUnloadMs: -1 }],
    ['chatModel', { chatModel: '../x' }],
    ['models[0]', { models: ['a b'] }],
    ['models[1].dtype', { models: ['a/b', { model: 'a/b', dtype: 'q9' }] }],
    ['modelFolders[0]', { modelFolders: ['x'] }],
  ])('a wrong %s: bad-config that names it, and no secret', (field, options) => {
    try {
      hfLocal({ environment: {}, ...(options as unknown as HfLocalOptions) })
      expect.unreachable()
    } catch (error) {
      expect(error).toMatchObject({ code: 'bad-config', field, provider: 'hf-local' })
      expect(String(error)).not.toMatch(/secret-word|two words/)
    }
  })

  it.each([['a model in place of the options'], [null], [{ chatmodel: 'a/b' }]])(
    'that are none are refused: %j',
    (given) => {
      expect(() => hfLocal(given as never)).toThrow(expect.objectContaining({ code: 'bad-config' }))
    },
  )

  it('take the address of the hub from HF_ENDPOINT, with a path and slashes', () => {
    expect(hfLocal({ environment: { HF_ENDPOINT: 'https://mirror.example/hf/' } }).hosts).toEqual([
      'mirror.example:443',
    ])
    expect(hfLocal({ environment: { HF_ENDPOINT: '' } }).hosts).toEqual(['huggingface.co:443'])
  })

  it('the failures of a disk are typed, others are left alone', () => {
    expect(diskFailure({ code: 'ENOSPC' }, '/c', 'm')).toMatchObject({
      code: 'needs-setup',
      scope: 'machine',
    })
    expect(diskFailure({ code: 'EROFS' }, '/c', 'm')).toMatchObject({ code: 'needs-setup', scope: 'machine' })
    expect(diskFailure(new Error('x'), '/c', 'm')).toBeUndefined()
  })
})

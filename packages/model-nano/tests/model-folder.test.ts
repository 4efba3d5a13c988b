import { readdirSync, readFileSync, statSync } from 'node:fs'
import { isAbsolute, join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { modelNano } from '../src/index.js'

const read = (name: string): unknown => JSON.parse(readFileSync(join(modelNano.model, name), 'utf8'))

describe('the folder of the guide', () => {
  it('is named absolutely', () => {
    expect(isAbsolute(modelNano.model)).toBe(true)
  })

  it('holds a model in the layout of the hub, its card and its manifest', () => {
    const files = readdirSync(modelNano.model, { recursive: true, encoding: 'utf8' })
    for (const file of [
      'README.md',
      'config.json',
      'generation_config.json',
      'manifest.json',
      'onnx/model_quantized.onnx',
      'special_tokens_map.json',
      'tokenizer.json',
      'tokenizer_config.json',
    ])
      expect(files).toContain(join(file))
    expect(read('config.json')).toMatchObject({ model_type: 'llama' })
    expect(read('manifest.json')).toMatchObject({ name: modelNano.name })
  })

  it('tells how a conversation is put to it, and how long one may be', () => {
    expect(read('tokenizer_config.json')).toHaveProperty('chat_template')
    expect(read('config.json')).toHaveProperty('max_position_embeddings', expect.any(Number))
  })

  it('stays small', () => {
    const bytes = readdirSync(modelNano.model, { recursive: true, encoding: 'utf8' })
      .map((name) => statSync(join(modelNano.model, name)))
      .filter((stats) => stats.isFile())
      .reduce((sum, { size }) => sum + size, 0)
    expect(bytes).toBeLessThan(8_000_000)
  })
})

import { describe, expect, it } from 'vitest'
import { canonicalModelName, namesCloudModel, plainModelName } from '../src/names/model-name.js'
import { modelNotFound } from '../src/errors/not-found-error.js'

describe('names of models', () => {
  it.each([
    ['llama3.2', 'llama3.2:latest'],
    ['Llama3.2:LATEST', 'llama3.2:latest'],
    ['registry.ollama.ai/library/qwen3:0.6b', 'qwen3:0.6b'],
    ['library/qwen3', 'qwen3:latest'],
    ['me/model', 'me/model:latest'],
    [
      'hf.co/bartowski/Llama-3.2-1B-Instruct-GGUF:Q4_K_M',
      'hf.co/bartowski/llama-3.2-1b-instruct-gguf:q4_k_m',
    ],
    ['host:5000/me/model', 'host:5000/me/model:latest'],
  ])('%s is %s', (name, canonical) => {
    expect(canonicalModelName(name)).toBe(canonical)
  })

  it('are shown without :latest', () => {
    expect(plainModelName('all-minilm:latest')).toBe('all-minilm')
    expect(plainModelName('qwen3:4b')).toBe('qwen3:4b')
  })

  it.each([
    ['gpt-oss:120b-cloud', true],
    ['qwen3-coder:cloud', true],
    ['cloud', false],
    ['word-cloud:latest', false],
    ['qwen3:4b', false],
  ])('%s means the cloud: %s', (name, expected) => {
    expect(namesCloudModel(name)).toBe(expected)
  })

  it('like a wrong one are found, nearest first, without the usual tag', () => {
    const installed = ['llama3.2:1b', 'llama3.1:8b', 'qwen3:0.6b', 'nomic-embed-text:latest']
    const meant = (name: string): string => modelNotFound(name, installed).message
    expect(meant('lama3.2:1b')).toMatch(/Did you mean llama3\.2:1b,/)
    expect(meant('llama3.2')).toMatch(/Did you mean llama3\.2:1b, llama3\.1:8b\?/)
    expect(meant('qwen3:4b-instruct')).toMatch(/Did you mean qwen3:0\.6b\?/)
    expect(meant('nomic-embed')).toMatch(/Did you mean nomic-embed-text\?/)
    expect(meant('gpt-4o')).toMatch(/Installed: llama3\.2:1b/)
  })
})

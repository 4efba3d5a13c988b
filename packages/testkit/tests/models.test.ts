import { readdir } from 'node:fs/promises'
import { isAbsolute, join } from 'node:path'
import { describe, expect, it } from 'vitest'
// By its published name: the folder is found from the built files, wherever the bundler put them.
import { tinyChatModel, tinyEmbedModel, tinyModelsFolder } from '@openmux/testkit/models'
import * as fromIndex from '@openmux/testkit'

describe.each([tinyChatModel(), tinyEmbedModel()])('$id', (model) => {
  it('lies in hub layout under an absolute folder', async () => {
    expect(isAbsolute(model.folder)).toBe(true)
    expect(model.folder).toBe(join(model.root, ...model.id.split('/')))
    const files = await readdir(model.folder, { recursive: true })
    expect(files).toEqual(
      expect.arrayContaining([
        'config.json',
        'tokenizer.json',
        'tokenizer_config.json',
        join('onnx', 'model.onnx'),
      ]),
    )
  })
})

it('finds the same folder from both entries', () => {
  expect(fromIndex.tinyModelsFolder()).toBe(tinyModelsFolder())
})

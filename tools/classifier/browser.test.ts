import { createContext, runInContext } from 'node:vm'
import { build } from 'esbuild'
import { expect, it } from 'vitest'

it('the classifier that ships works in a browser: one bundle without Node, in a world with `atob` alone', async () => {
  const { outputFiles } = await build({
    stdin: {
      contents: `export { classifyByTraining } from '@openmux/core/classify'`,
      resolveDir: import.meta.dirname,
    },
    bundle: true,
    minify: true,
    write: false,
    format: 'iife',
    globalName: 'bundle',
    platform: 'browser',
    logLevel: 'silent',
  })
  const world = createContext({ atob })
  runInContext(outputFiles[0]?.text ?? '', world)
  const taskOf = (text: string): unknown =>
    runInContext(`bundle.classifyByTraining(${JSON.stringify(text)}).task`, world)
  expect(taskOf('Write a Python function that reverses a list')).toBe('code')
  expect(taskOf('Write a poem about autumn')).toBe('chat')
})

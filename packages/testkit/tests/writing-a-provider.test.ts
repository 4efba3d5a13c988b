import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import type { Provider } from '@openmux/core'
import { afterAll, describe, expect, it } from 'vitest'
import { authorFolder, filesOfPage } from './author-folder.js'

const page = await readFile(new URL('../../../docs/writing-a-provider.md', import.meta.url), 'utf8')
const files = filesOfPage(page)
const folder = await authorFolder(files)
afterAll(() => folder.remove())

/** One slip an author could make in a file of the page, and what the suite has to say about it. */
const SLIPS = [
  {
    slip: 'invents a finish for a cut answer',
    file: 'src/answer.ts',
    from: 'if (finish === undefined) {',
    to: "finish ??= { type: 'finish', reason: 'stop' }\n  if (finish === undefined) {",
    says: /× .*a body that ends without the end mark is `truncated`/,
  },
  {
    slip: 'sends before anybody iterates',
    file: 'src/parrot.ts',
    from: '    chat,\n',
    to: '    chat(request, context) {\n      models(context).catch(() => undefined)\n      return chat(request, context)\n    },\n',
    says: /chat\(\) sent something before anybody iterated/,
  },
  {
    slip: 'drops an option in silence',
    file: 'src/request.ts',
    from: '      until: request.stop,\n',
    to: '',
    says: /`stop` reached neither the upstream nor the warnings/,
  },
  {
    slip: 'goes on reading for nobody',
    file: 'src/answer.ts',
    from: '  for await (const value of lines) {',
    to: '  const reader = lines[Symbol.asyncIterator]()\n  for (let next = await reader.next(); !next.done; next = await reader.next()) {\n    const value = next.value',
    says: /its request to the upstream stays open/,
  },
] as const

describe('docs/writing-a-provider.md, followed by somebody new', () => {
  it('holds a whole package', () => {
    expect(files.map((file) => file.path)).toEqual([
      'package.json',
      'tsconfig.json',
      'tsconfig.build.json',
      'src/parrot.ts',
      'src/voices.ts',
      'src/request.ts',
      'src/answer.ts',
      'src/errors.ts',
      'tests/parrot-double.ts',
      'tests/contract.test.ts',
      'tests/contract-fetch.test.ts',
      'tests/use.test.ts',
    ])
  })

  it('needs fewer than 25 lines to run the suite', () => {
    const contract = files.find((file) => file.path === 'tests/contract.test.ts')
    expect(contract?.text.trimEnd().split('\n').length).toBeLessThan(25)
  })

  it('compiles and passes the contract suite, over a socket and over fetch', async () => {
    const [types, tests] = await Promise.all([folder.typecheck(), folder.test()])
    expect(types).toEqual({ code: 0, output: '' })
    expect(tests.output).toMatch(/Test Files {2}3 passed \(3\)/)
    expect(tests.code).toBe(0)
  })

  it('builds into a package that can be imported', async () => {
    expect(await folder.build()).toEqual({ code: 0, output: '' })
    const built = (await import(
      /* @vite-ignore */ pathToFileURL(join(folder.path, 'dist/parrot.js')).href
    )) as {
      parrot(): Provider
    }
    const { id, hosts } = built.parrot()
    expect({ id, hosts }).toEqual({ id: 'parrot', hosts: ['127.0.0.1:7777'] })
  })

  it.each(SLIPS)('an author who $slip is told so', async ({ file, from, to, says }) => {
    const right = await folder.read(file)
    expect(right).toContain(from)
    await folder.write({ path: file, text: right.replace(from, to) })
    const tests = await folder.test('contract.test')
    await folder.write({ path: file, text: right })
    expect(tests.output).toMatch(says)
    expect(tests.code).toBe(1)
  })
})

import { execFile } from 'node:child_process'
import { readFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { describe, expect, it } from 'vitest'

const run = promisify(execFile)

describe('the built package', () => {
  it('imports nothing of the runtime and opens nothing until it is used', async () => {
    const script = `
      const { hfLocal } = await import('@openmux/provider-hf-local')
      hfLocal({ environment: {} })
      const native = process.report.getReport().sharedObjects.filter((path) => path.includes('onnxruntime'))
      process.stdout.write(JSON.stringify({ native, open: process.getActiveResourcesInfo() }))`
    const { stdout } = await run(process.execPath, ['--input-type=module', '-e', script], {
      cwd: fileURLToPath(new URL('..', import.meta.url)),
    })
    const { native, open } = JSON.parse(stdout) as { native: string[]; open: string[] }
    expect(native).toEqual([])
    expect(open.filter((kind) => kind !== 'PipeWrap' && kind !== 'Immediate')).toEqual([])
  })

  it('shares one core with everybody: its error class is not built in', async () => {
    for (const file of ['index.js', 'worker.js']) {
      const code = await readFile(new URL(`../dist/${file}`, import.meta.url), 'utf8')
      expect(code).not.toMatch(/class OpenMuxError/)
    }
  })
})

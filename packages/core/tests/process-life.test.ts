import { execFile } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { expect, it } from 'vitest'

const PAUSING = fileURLToPath(new URL('fixtures/answer-after-a-pause.mjs', import.meta.url))

it('does not let the process end in the pause before a second try', async () => {
  const { stdout } = await promisify(execFile)(process.execPath, [PAUSING])
  expect(stdout).toBe('here again\n')
})

import { execFile } from 'node:child_process'
import { existsSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { tinyChatModel } from '@openmux/testkit'
import { afterEach, describe, expect, it } from 'vitest'
import { cleanUp, emptyFolder, startHub } from './support.js'

afterEach(cleanUp)

const run = promisify(execFile)
const closeMidAnswer = fileURLToPath(new URL('smoke/close-mid-answer.mjs', import.meta.url))
const smoke = fileURLToPath(new URL('smoke/chat-and-embed.mjs', import.meta.url))

/** Node versions that tools/node-versions brings, and the one the tests run on. */
const NODES = [
  { name: 'this Node', path: process.execPath },
  ...['22', '26'].map((line) => ({
    name: `Node ${line}`,
    path: fileURLToPath(
      new URL(`../../../tools/node-versions/node_modules/node-${line}/bin/node`, import.meta.url),
    ),
  })),
]

describe('the built package: download, chat and embeddings in the worker, and a clean end', () => {
  for (const { name, path } of NODES) {
    const absent = existsSync(path) ? '' : ' (skipped: not installed, run `pnpm install` in the workspace)'
    it.skipIf(absent !== '')(`on ${name}${absent}`, async () => {
      const { server } = await startHub()
      const { stdout, stderr } = await run(path, [smoke, server.url, await emptyFolder()], {
        timeout: 60_000,
      })
      const report = JSON.parse(stdout) as {
        node: string
        text: string
        reason: string
        dimensions: number
        model: string
      }
      expect(report).toMatchObject({ text: 'This is a tiny model', reason: 'length', dimensions: 32 })
      if (name !== 'this Node') expect(report.node.startsWith(`v${name.slice('Node '.length)}.`)).toBe(true)
      expect(stderr).toBe('')
    })
  }
})

describe('closing in the middle of an answer fails it with `aborted` and does not take the process down', () => {
  for (const { name, path } of NODES) {
    const absent = existsSync(path) ? '' : ' (skipped: not installed, run `pnpm install` in the workspace)'
    it.skipIf(absent !== '')(`on ${name}${absent}`, async () => {
      const ran = await run(path, [closeMidAnswer, tinyChatModel().folder, await emptyFolder()], {
        timeout: 60_000,
      })
      expect(ran).toMatchObject({ stdout: 'aborted,aborted,aborted,aborted,aborted', stderr: '' })
    })
  }
})

#!/usr/bin/env node
import { processIo } from './io.js'
import { tooOldNode } from './needed-node.js'
import { EXIT_CODES } from './render/exit-codes.js'
import { run } from './run.js'

const tooOld = tooOldNode(process.versions.node)
if (tooOld !== undefined) {
  process.stderr.write(tooOld)
  process.exit(EXIT_CODES.setup)
}

const io = processIo()
// A reader that went away after the last word is nobody's problem; what matters was handled inside.
for (const stream of [io.stdout, io.stderr]) stream.on('error', () => undefined)
const code = await run(process.argv.slice(2), io)
// An open terminal or a pooled connection would keep the process alive; what was written must get out first.
await Promise.all([flushed(io.stdout), flushed(io.stderr)])
process.exit(code)

function flushed(stream: NodeJS.WritableStream): Promise<void> {
  return new Promise((resolve) => {
    if (stream.writable) stream.write('', () => resolve())
    else resolve()
  })
}

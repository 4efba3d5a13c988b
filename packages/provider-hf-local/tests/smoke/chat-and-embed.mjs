// Run by node-versions.test.ts under several Node versions, on the built package and its real exports:
// node chat-and-embed.mjs <hub> <cache folder>. Ends by itself, without close(): an idle worker must
// not keep a process alive.
import { systemClock } from '@openmux/core'
import { hfLocal } from '@openmux/provider-hf-local'

const [hub, cacheFolder] = process.argv.slice(2)
const provider = hfLocal({ hub, cacheFolder, environment: {}, threads: 1 })
const context = { signal: new AbortController().signal, clock: systemClock }
const report = { node: process.version, text: '', reason: '', dimensions: 0 }
const request = {
  model: 'openmux-test/tiny-chat',
  messages: [{ role: 'user', content: 'hello' }],
  maxTokens: 5,
}
for await (const event of provider.chat(request, context)) {
  if (event.type === 'text') report.text += event.text
  if (event.type === 'finish') report.reason = event.reason
}
const { space } = await provider.embed({ model: 'openmux-test/tiny-embed', inputs: ['hello world'] }, context)
report.dimensions = space.dimensions
process.stdout.write(JSON.stringify(report))

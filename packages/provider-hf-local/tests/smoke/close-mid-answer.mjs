// Run by node-versions.test.ts: closes a provider in the middle of an answer, again and again.
// node close-mid-answer.mjs <folder of a model> <cache folder>
import { systemClock } from '@openmux/core'
import { hfLocal } from '@openmux/provider-hf-local'

const [folder, cacheFolder] = process.argv.slice(2)
const context = { signal: new AbortController().signal, clock: systemClock }
const request = {
  model: folder,
  messages: [{ role: 'user', content: 'hello' }],
  maxTokens: 400,
  temperature: 0,
}
const codes = []
for (let round = 0; round < 5; round += 1) {
  const provider = hfLocal({ cacheFolder, models: [folder], offline: true, environment: {}, threads: 1 })
  let pieces = 0
  let closed
  try {
    for await (const event of provider.chat(request, context)) {
      if (event.type === 'text' && ++pieces === 2 + round) closed = provider.close()
    }
  } catch (error) {
    codes.push(error.code)
  }
  await closed
}
process.stdout.write(codes.join())

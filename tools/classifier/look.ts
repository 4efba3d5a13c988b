import { loadCoreSource } from './core-source.ts'
import { messagesOf, readRequests, type SetName } from './requests.ts'

/** `node tools/classifier/look.ts`: what the classifier gets wrong in the dev set. It never looks at the test set. */
const core = await loadCoreSource()
const requests = readRequests('dev-set' satisfies SetName)
let right = 0
for (const request of requests) {
  const { task, confidence, reason } = core.classifyByTraining(messagesOf(request))
  if (task === request.label) right += 1
  else console.log(`${request.language} ${request.kind}: ${request.label}, said ${task} ${confidence}: ${JSON.stringify(request.text)} (${reason})`)
}
console.log(`${right} of ${requests.length}`)

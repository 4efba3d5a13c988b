/**
 * Leaves those requests out of `training/by-hand` that are, word for word or nearly, in the test set. Tells how many, and
 * shows none: who writes training data should not see what they are measured by.
 */
import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { heldOutOf } from './held-out.ts'
import { type LabelledRequest, readRequests } from './requests.ts'

const isHeldOut = heldOutOf(readRequests('test-set').map(({ text }) => text))
const folder = new URL('training/by-hand/', import.meta.url)
let dropped = 0
for (const name of readdirSync(folder).toSorted()) {
  const file = new URL(name, folder)
  const lines = readFileSync(file, 'utf8')
    .split('\n')
    .filter((line) => line !== '')
  const kept = lines.filter((line) => !isHeldOut((JSON.parse(line) as LabelledRequest).text))
  dropped += lines.length - kept.length
  if (kept.length < lines.length) writeFileSync(file, kept.map((line) => `${line}\n`).join(''))
}
console.log(`${dropped} requests left out`)

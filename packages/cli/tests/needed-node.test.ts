import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { NEEDED_NODE, tooOldNode } from '../src/needed-node.js'

test('the version that is demanded is the one of the package', () => {
  const { engines } = JSON.parse(readFileSync(join(import.meta.dirname, '../package.json'), 'utf8')) as {
    engines: { node: string }
  }
  expect(engines.node).toBe(`>=${NEEDED_NODE}`)
})

test.each(['20.20.2', '22.18.0', '18.0.0'])('%s is told that it is too old', (version) => {
  expect(tooOldNode(version)).toContain(`needs Node.js ${NEEDED_NODE} or newer; this is ${version}.`)
})

test.each(['22.19.0', '24.0.0', '26.1.0-nightly'])('%s is fine', (version) => {
  expect(tooOldNode(version)).toBeUndefined()
})

import { execFile } from 'node:child_process'
import * as nodeTest from 'node:test'
import { fileURLToPath } from 'node:url'
import * as vitest from 'vitest'
import { type ContractRunner, providerContract } from '../src/index.js'
import { scriptedContract } from './scripted-contract.js'

const { describe, expect, it } = vitest

/** Remembers what is registered instead of running it. */
function recorder(): ContractRunner & {
  readonly names: string[]
  readonly bodies: (() => void | Promise<void>)[]
} {
  const names: string[] = []
  const bodies: (() => void | Promise<void>)[] = []
  const test = (name: string, body: () => void | Promise<void>): void => {
    names.push(name)
    bodies.push(body)
  }
  return {
    names,
    bodies,
    describe(name, body) {
      names.push(name)
      body()
    },
    it: Object.assign(test, { skip: (name: string) => void names.push(name) }),
  }
}

describe('providerContract', () => {
  it('takes the runners of vitest and Node as they are', () => {
    const runners: ContractRunner[] = [
      { describe: vitest.describe, it: vitest.it },
      { describe: nodeTest.describe, it: nodeTest.it },
    ]
    expect(runners).toHaveLength(2)
  })

  it('runs under `node --test`', async () => {
    const file = fileURLToPath(new URL('fixtures/node-runner.mjs', import.meta.url))
    const { NODE_TEST_CONTEXT: _inherited, ...env } = process.env
    const output = await new Promise<string>((resolve) => {
      execFile(process.execPath, ['--test', '--test-reporter=tap', file], { env }, (_error, stdout) =>
        resolve(stdout),
      )
    })
    expect(output).toMatch(/# fail 0/)
    expect(Number(/# pass (\d+)/.exec(output)?.[1])).toBeGreaterThan(50)
    expect(Number(/# skipped (\d+)/.exec(output)?.[1])).toBeGreaterThan(5)
  })

  it('turns a factory that fails into a failing test', async () => {
    const runner = recorder()
    const create = (): never => {
      throw new Error('no baseURL')
    }
    await providerContract({ ...runner, name: 'broken', create })
    expect(runner.names).toEqual(['broken: provider contract', 'can be made'])
    expect(() => runner.bodies[0]?.()).toThrow('no baseURL')
  })

  it('shows the reason of everything it skips', async () => {
    const runner = recorder()
    await providerContract({ ...runner, ...scriptedContract({}), scenarios: {} })
    expect(runner.names).toContain(
      'a rate limit is `rate-limit` or `quota` (skipped: no scenario `rateLimited` was given)',
    )
  })

  it('runs only the groups asked for', async () => {
    const runner = recorder()
    await providerContract({ ...runner, ...scriptedContract({}), groups: ['seed', 'lifecycle'] })
    expect(
      runner.names.filter((name) => name === 'seed' || name === 'lifecycle' || name === 'tools'),
    ).toEqual(['lifecycle', 'seed'])
  })

  it('puts the double back after every test, also a failed one', async () => {
    const runner = recorder()
    let undone = 0
    const badKey = () => ({ restore: () => void undone++ })
    await providerContract({ ...runner, ...scriptedContract({}), groups: ['errors'], scenarios: { badKey } })
    const at = runner.names.indexOf('a refused key is `auth`')
    expect(at).toBeGreaterThan(-1)
    await expect(Promise.all(runner.bodies.map(async (body) => body()))).rejects.toThrow(
      'must fail, but it gave',
    )
    await vitest.vi.waitFor(() => expect(undone).toBe(1))
  })
})

import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { arriving } from '../src/index.js'

/** Batches as they come, and whether their source was closed. */
function source(batches: readonly (readonly number[])[]) {
  const state = { closed: false }
  async function* come(): AsyncGenerator<readonly number[], void, undefined> {
    try {
      for (const batch of batches) {
        await Promise.resolve()
        yield batch
      }
    } finally {
      state.closed = true
    }
  }
  return { state, batches: come() }
}

describe('items that arrive several at a time', () => {
  it('come one by one and in order, whether they are awaited or taken', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.array(fc.integer(), { maxLength: 5 }), { maxLength: 6 }),
        fc.infiniteStream(fc.boolean()),
        async (batches, takes) => {
          const items = arriving(source(batches).batches)
          const seen: number[] = []
          for (const take of takes) {
            const taken = take ? items.nextArrived() : undefined
            if (taken !== undefined) {
              seen.push(taken)
              continue
            }
            const step = await items.next()
            if (step.done === true) break
            seen.push(step.value)
          }
          expect(seen).toEqual(batches.flat())
        },
      ),
    )
  })

  it('have an order also for those who ask twice before they wait', async () => {
    const items = arriving(source([[1, 2, 3], [4], [5]]).batches)
    const steps = await Promise.all([items.next(), items.next(), items.next(), items.next(), items.next()])
    expect(steps.map(({ value }) => value)).toEqual([1, 2, 3, 4, 5])
    expect(await items.next()).toEqual({ done: true, value: undefined })
  })

  it('can only be taken once they are here', async () => {
    const items = arriving(source([[1, 2]]).batches)
    expect(items.nextArrived()).toBeUndefined()
    expect(await items.next()).toEqual({ done: false, value: 1 })
    expect(items.nextArrived()).toBe(2)
    expect(items.nextArrived()).toBeUndefined()
  })

  it('are not handed out any more after the reader has left, and their source is closed', async () => {
    const { state, batches } = source([[1, 2, 3]])
    const items = arriving(batches)
    for await (const item of items) if (item === 1) break
    expect(state.closed).toBe(true)
    expect(items.nextArrived()).toBeUndefined()
    expect(await items.next()).toEqual({ done: true, value: undefined })
  })

  it('are not handed out once the check fails, and their source is closed', async () => {
    for (const way of ['awaited', 'taken'] as const) {
      let left = false
      const { state, batches } = source([[1, 2, 3]])
      const items = arriving(batches, () => {
        if (left) throw new Error('the caller has left')
      })
      await items.next()
      left = true
      if (way === 'awaited') await expect(items.next()).rejects.toThrow('the caller has left')
      else expect(() => items.nextArrived()).toThrow('the caller has left')
      expect(await items.next()).toEqual({ done: true, value: undefined })
      expect(state.closed).toBe(true)
    }
  })

  it('need no promise where their batches have arrived themselves, and tell their end', async () => {
    const batches = [[1, 2], [3]]
    const items = arriving({
      nextArrived: () => batches.shift(),
      next: async () => ({ done: true, value: undefined }),
      get ended() {
        return batches.length === 0
      },
    })
    expect([items.nextArrived(), items.nextArrived(), items.ended, items.nextArrived()]).toEqual([
      1,
      2,
      false,
      3,
    ])
    expect([items.nextArrived(), items.ended]).toEqual([undefined, true])
    expect(await items.next()).toEqual({ done: true, value: undefined })
  })

  it('come before the failure of their source', async () => {
    async function* come(): AsyncGenerator<readonly number[], void, undefined> {
      yield [1, 2]
      throw new Error('broke')
    }
    const items = arriving(come())
    expect(await items.next()).toEqual({ done: false, value: 1 })
    expect(items.nextArrived()).toBe(2)
    await expect(items.next()).rejects.toThrow('broke')
  })
})

import { packageTests } from '../build/vitest.ts'

export default packageTests({ include: ['*.test.ts'], testTimeout: 120_000, hookTimeout: 120_000 })

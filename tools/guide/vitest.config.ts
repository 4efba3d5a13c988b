import { packageTests } from '../build/vitest.ts'

export default packageTests({ include: ['**/*.test.ts'], testTimeout: 300_000, hookTimeout: 60_000 })

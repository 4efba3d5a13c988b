import { packageTests } from './build/vitest.ts'

export default packageTests({
  include: ['**/*.test.ts'],
  // `docs` is a project of its own.
  exclude: ['**/node_modules/**', 'docs/**'],
  testTimeout: 120_000,
  hookTimeout: 300_000,
})

import { packageTests } from './build/vitest.ts'

export default packageTests({
  include: ['**/*.test.ts'],
  // These are projects of their own.
  exclude: [
    '**/node_modules/**',
    'classifier/**',
    'docs/**',
    'guide/**',
    'lifecycle/**',
    'scenarios/**',
    'seed-breaks/**',
    'live/**',
    'drift/**',
    'release-rehearsal/**',
  ],
  testTimeout: 120_000,
  hookTimeout: 300_000,
})

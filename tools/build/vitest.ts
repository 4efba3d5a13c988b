import { defineConfig } from 'vitest/config'
import type { ViteUserConfig } from 'vitest/config'
import { lifecycleConstant } from './package-lifecycle.ts'

/** The shared test set-up of every package: each package's `vitest.config.ts` calls this. */
export function packageTests(test: ViteUserConfig['test'] = {}): ViteUserConfig {
  return defineConfig({
    define: lifecycleConstant(),
    test: {
      include: ['tests/**/*.test.ts', 'src/**/*.test.ts'],
      environment: 'node',
      testTimeout: 20_000,
      hookTimeout: 60_000,
      unstubGlobals: true,
      restoreMocks: true,
      ...test,
    },
  })
}

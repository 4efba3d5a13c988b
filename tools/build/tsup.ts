import { defineConfig, type Options } from 'tsup'
import { lifecycleConstant } from './package-lifecycle.ts'

/**
 * The one way our packages are bundled: ESM for Node 22, source maps, readable output.
 * Declarations come from `tsc` (see each package's `build` script): tsup's own declaration
 * build needs a compiler API that TypeScript 7 does not have, and does not check types.
 */
export function packageBuild(options: Options = {}): ReturnType<typeof defineConfig> {
  return defineConfig({
    entry: ['src/index.ts'],
    format: ['esm'],
    target: 'node22',
    platform: 'node',
    sourcemap: true,
    clean: true,
    dts: false,
    // `node:fs` stays `node:fs`: Deno knows no other spelling.
    removeNodeProtocol: false,
    ...options,
    define: { ...lifecycleConstant(), ...options.define },
  })
}

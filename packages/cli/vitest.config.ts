import { mergeConfig } from 'vitest/config'
import { knownLifecyclesConstant } from '../../tools/build/known-lifecycles.ts'
import { packageTests } from '../../tools/build/vitest.ts'

export default mergeConfig(packageTests(), { define: knownLifecyclesConstant() })

import { knownLifecyclesConstant } from '../../tools/build/known-lifecycles.ts'
import { packageBuild } from '../../tools/build/tsup.ts'

export default packageBuild({
  entry: ['src/bin.ts', 'src/index.ts'],
  splitting: true,
  define: knownLifecyclesConstant(),
})

import { packageBuild } from '../../tools/build/tsup.ts'

export default packageBuild({
  entry: { index: 'src/index.ts', 'node/index': 'src/node/index.ts', 'store/index': 'src/store/index.ts' },
  platform: 'neutral',
  // Only `src/node` names any: tools/boundaries sees to that.
  external: [/^node:/],
})

import { packageBuild } from '../../tools/build/tsup.ts'

export default packageBuild({
  platform: 'node',
  entry: {
    index: 'src/index.ts',
    'without-node': 'src/without-node.ts',
    worker: 'src/worker/worker.ts',
  },
})

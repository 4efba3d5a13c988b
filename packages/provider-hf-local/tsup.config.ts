import { packageBuild } from '../../tools/build/tsup.ts'

export default packageBuild({
  platform: 'node',
  entry: {
    index: 'src/index.ts',
    worker: 'src/worker/worker.ts',
  },
})

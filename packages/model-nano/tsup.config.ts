import { packageBuild } from '../../tools/build/tsup.ts'

export default packageBuild({ platform: 'node', entry: ['src/index.ts', 'src/without-node.ts'] })

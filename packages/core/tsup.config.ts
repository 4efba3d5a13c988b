import { packageBuild } from '../../tools/build/tsup.ts'

export default packageBuild({
  // What not everybody needs stands beside the main entry, which has a size to keep.
  entry: {
    index: 'src/index.ts',
    ...Object.fromEntries(
      [
        'cache',
        'classify',
        'combine',
        'embeddings',
        'names',
        'node',
        'observe',
        'probe',
        'replay',
        'store',
      ].map((room) => [`${room}/index`, `src/${room}/index.ts`]),
    ),
  },
  platform: 'neutral',
  // Only `src/node` names any: tools/boundaries sees to that.
  external: [/^node:/],
})

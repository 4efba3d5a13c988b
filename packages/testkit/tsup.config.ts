import { packageBuild } from '../../tools/build/tsup.ts'

export default packageBuild({
  platform: 'node',
  entry: {
    index: 'src/index.ts',
    'ollama/index': 'src/ollama/index.ts',
    'openai/index': 'src/openai/index.ts',
    'openrouter/index': 'src/openrouter/index.ts',
    'hf-remote/index': 'src/hf-remote/index.ts',
    'hub/index': 'src/hub/index.ts',
    'corpus/index': 'src/corpus/index.ts',
    'models/index': 'src/models/index.ts',
  },
})

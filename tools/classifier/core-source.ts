import { build } from 'esbuild'

/** What training and measuring need of the classifier in `packages/core`. */
export interface CoreSource {
  readonly FeatureList: new () => {
    readonly hashes: Uint32Array
    readonly count: number
    read(text: string): void
  }
  readonly FEATURE_SPACE: number
  readonly AFTER_CODE: number
  readonly segmentsOf: (text: string) => readonly { readonly text: string; readonly share: number }[]
  readonly featureValue: (share: number, features: number) => number
  readonly createTextClassifier: (weights: string) => (input: string | readonly object[]) => {
    readonly task: string
    readonly confidence: number
    readonly reason: string
  }
  readonly classifyByTraining: ReturnType<CoreSource['createTextClassifier']>
  readonly classifyText: ReturnType<CoreSource['createTextClassifier']>
}

const ROOM = new URL('../../packages/core/src/classify/', import.meta.url)

/**
 * The classifier's source, bundled at this moment: so training reads requests with the very code that ships,
 * and needs no build before.
 */
export async function loadCoreSource(): Promise<CoreSource> {
  const modules = ['features', 'segments', 'trained-classifier', 'classify-text']
  const { outputFiles } = await build({
    stdin: {
      contents: modules.map((name) => `export * from './${name}.ts'`).join('\n'),
      resolveDir: ROOM.pathname,
      loader: 'ts',
    },
    bundle: true,
    write: false,
    format: 'esm',
    platform: 'neutral',
    target: 'es2023',
    logLevel: 'error',
  })
  const [file] = outputFiles
  if (file === undefined) throw new Error('esbuild made nothing of the classifier')
  return (await import(`data:text/javascript;base64,${Buffer.from(file.text).toString('base64')}`)) as CoreSource
}

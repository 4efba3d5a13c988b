import { execFile } from 'node:child_process'
import { existsSync } from 'node:fs'
import { installedTool } from '../test/installed-tool.ts'

/** Runs test files of a package and leaves vitest's JSON report at `report`. Failed tests are for the reader of it. */
export async function runVitest(folder: string, files: readonly string[], report: string): Promise<void> {
  console.log(`${folder}: ${files.length} contract test file(s)`)
  const args = [installedTool('vitest'), 'run', ...files, '--reporter=json', `--outputFile=${report}`]
  const output = await new Promise<string>((resolve) => {
    execFile(process.execPath, args, { cwd: folder, maxBuffer: 64 * 2 ** 20 }, (_error, stdout, stderr) =>
      resolve(stdout + stderr),
    )
  })
  if (!existsSync(report)) throw new Error(`${folder}: vitest left no report:\n${output}`)
}

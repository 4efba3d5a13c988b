import { readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { publint } from 'publint'
import { formatMessage } from 'publint/utils'
import { installedTool } from '../test/installed-tool.ts'
import { workspaceNode } from '../setup/workspace.mjs'
import { outputOf } from './command.ts'
import type { PackedPackage } from './packed-package.ts'
import type { Problems } from './results.ts'

/** What a tarball may hold: the build, weights and other assets, data that others read, and the usual papers. */
const ALLOWED_FILE =
  /^(?:dist\/|assets\/|corpus\/|model\/|package\.json$|README\.md$|LICENSE$|CHANGELOG\.md$)/
/** Bytes of a packed model. */
const PACKED_LIMIT = 6_000_000
const TEST_FILE = /(?:^|\/)(?:tests?|__tests__)\/|\.test\.|\.spec\./
const REQUIRED_FILES = ['LICENSE', 'README.md', 'package.json']

/** Scripts that a package manager runs at a user's machine. */
const INSTALL_SCRIPTS = ['preinstall', 'install', 'postinstall', 'prepare']

/** How the mark of core's error class is made: found outside of core, core was bundled in. */
const CORE_MARK = /Symbol\.for\(\s*["'`]openmux\.error["'`]\s*\)/

export function fileListProblems({ files }: PackedPackage): Problems {
  return [
    ...REQUIRED_FILES.filter((name) => !files.includes(name)).map((name) => `${name} is missing`),
    ...(files.some((name) => name.startsWith('dist/')) ? [] : ['dist is missing']),
    ...files.filter((name) => !ALLOWED_FILE.test(name)).map((name) => `${name} does not belong in it`),
    ...files
      .filter((name) => name.startsWith('dist/') && TEST_FILE.test(name.slice('dist'.length)))
      .map((name) => `${name} is a test`),
  ]
}

/** Everybody who installs the command line fetches these weights. */
export function packedSizeProblems({ tarball, manifest }: PackedPackage, limit = PACKED_LIMIT): Problems {
  const { size } = statSync(tarball)
  console.log(`  ${manifest.name}: ${(size / 1_000_000).toFixed(2)} MB packed`)
  return size <= limit ? [] : [`${size} bytes packed, more than ${limit}`]
}

export function manifestProblems({ manifest }: PackedPackage): Problems {
  const ranges = Object.entries({
    ...manifest.dependencies,
    ...manifest.peerDependencies,
    ...manifest.optionalDependencies,
  })
  return [
    ...ranges
      .filter(([, range]) => /^(?:workspace|catalog|link|file):/.test(range))
      .map(([name, range]) => `${name} is asked for as ${range}`),
    ...INSTALL_SCRIPTS.filter((script) => manifest.scripts?.[script] !== undefined).map(
      (script) => `has the install script ${script}`,
    ),
  ]
}

export async function publintProblems({ tarball, manifest }: PackedPackage): Promise<Problems> {
  const { messages } = await publint({
    strict: true,
    pack: { tarball: arrayBuffer(tarball) },
  })
  const inWords = (message: (typeof messages)[number]): string =>
    formatMessage(message, { ...manifest }, { color: false }) ?? message.code
  for (const message of messages.filter(({ type }) => type === 'suggestion')) {
    console.log(`  ${manifest.name}: publint suggests: ${inWords(message)}`)
  }
  return messages.filter(({ type }) => type !== 'suggestion').map(inWords)
}

export async function typesProblems({ tarball }: PackedPackage): Promise<Problems> {
  const attw = installedTool('@arethetypeswrong/cli', 'attw')
  const options = [
    '--profile',
    'esm-only',
    '--no-definitely-typed',
    '--no-emoji',
    '--no-color',
    '--format',
    'ascii',
  ]
  await outputOf(workspaceNode, [attw, tarball, ...options])
  return []
}

export function inlinedCoreProblems({ folder, files }: PackedPackage): Problems {
  return files
    .filter((name) => /\.[cm]?js$/.test(name) && CORE_MARK.test(readFileSync(join(folder, name), 'utf8')))
    .map((name) => `${name} holds a copy of core (is it bundled instead of imported?)`)
}

function arrayBuffer(file: string): ArrayBuffer {
  return new Uint8Array(readFileSync(file)).buffer
}

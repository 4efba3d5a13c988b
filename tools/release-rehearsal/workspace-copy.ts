import { copyFileSync, cpSync, existsSync, mkdirSync, readdirSync, realpathSync, symlinkSync } from 'node:fs'
import { dirname, join, relative, sep } from 'node:path'
import { outputOf } from '../package-check/command.ts'
import { root } from '../setup/workspace.mjs'

const LINK = process.platform === 'win32' ? 'junction' : 'dir'

/**
 * Copies the repository as it lies there: what is committed, what is not yet, and the builds. What the packages
 * need of others is linked from the checkout; what they need of each other is linked within the copy.
 */
export async function copyWorkspace(target: string): Promise<void> {
  const list = ['-c', 'safe.directory=*', 'ls-files', '-z', '--cached', '--others', '--exclude-standard']
  for (const file of new Set((await outputOf('git', list)).split('\0'))) {
    // What somebody has removed but not committed is still in the list.
    if (file === '' || !existsSync(join(root, file))) continue
    mkdirSync(dirname(join(target, file)), { recursive: true })
    copyFileSync(join(root, file), join(target, file))
  }
  linkModules('.', target)
  for (const folder of projectFolders()) {
    const build = join(root, folder, 'dist')
    if (existsSync(build)) cpSync(build, join(target, folder, 'dist'), { recursive: true })
    else if (folder.startsWith('packages')) throw new Error(`${folder} is not built: npm run build`)
    linkModules(folder, target)
  }
}

function projectFolders(): string[] {
  return ['packages', 'tools'].flatMap((parent) =>
    readdirSync(join(root, parent))
      .map((name) => join(parent, name))
      .filter((folder) => existsSync(join(root, folder, 'package.json'))),
  )
}

/** Makes a `node_modules` of links; the folder itself is the copy's own, so that no tool writes to the checkout's. */
function linkModules(folder: string, target: string): void {
  const from = join(root, folder, 'node_modules')
  if (!existsSync(from)) return
  for (const name of readdirSync(from)) {
    // What a package manager keeps for itself; commands come by `PATH`, from the checkout.
    if (name.startsWith('.')) continue
    const scoped = name.startsWith('@')
      ? readdirSync(join(from, name)).map((part) => join(name, part))
      : [name]
    for (const one of scoped) link(join(from, one), join(target, folder, 'node_modules', one), target)
  }
}

function link(from: string, at: string, target: string): void {
  const real = realpathSync(from)
  const inside = relative(realpathSync(root), real)
  const ours = inside.startsWith(`packages${sep}`)
  mkdirSync(dirname(at), { recursive: true })
  symlinkSync(ours ? join(target, inside) : real, at, LINK)
}

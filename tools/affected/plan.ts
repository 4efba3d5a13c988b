import { askNx } from './ask-nx.ts'
import { changedFiles } from './changed-files.ts'
import { type Project, readProjects, type Target } from './projects.ts'

/** What a change reaches in one project, and by which files. */
export interface PlannedProject extends Project {
  readonly targets: readonly Target[]
  readonly reasons: readonly string[]
}

export interface Plan {
  readonly since: string
  readonly files: readonly string[]
  readonly projects: readonly PlannedProject[]
  /** Folders to lint; `.` is everything. */
  readonly lint: readonly string[]
  /** Whether the scripts in `tools/` themselves are reached: their types and their tests. */
  readonly tools: boolean
}

/** Settings that reach every file there is. */
const LINT_SETTINGS = ['.oxlintrc.json', 'package.json', 'pnpm-lock.yaml', 'tsconfig.base.json']
/** Settings that the scripts in `tools/` are run or checked by. */
const TOOLS_SETTINGS = [...LINT_SETTINGS, 'nx.json', 'pnpm-workspace.yaml']

/** Finds what the changes since a base reach. Runs nothing. */
export async function plan(root: string, base: string): Promise<Plan> {
  const { since, files } = await changedFiles(root, base)
  const all = readProjects(root)
  const tasks = await askNx(root, since, all)
  const projects = all.flatMap((project): PlannedProject[] => {
    const targets = project.targets.filter((target) => tasks.has(`${project.name}:${target}`))
    if (targets.length === 0) return []
    const reasons = new Set(targets.flatMap((target) => tasks.get(`${project.name}:${target}`) ?? []))
    return [{ ...project, targets, reasons: [...reasons].toSorted() }]
  })
  const tools = files.some((file) => isToolsScript(file, all) || TOOLS_SETTINGS.includes(file))
  return { since, files, projects, lint: lintFolders(files, projects, tools), tools }
}

/** Whether a file is one of the scripts in `tools/` that belong to no project there. */
function isToolsScript(file: string, projects: readonly Project[]): boolean {
  if (!file.startsWith('tools/') || file.endsWith('.md')) return false
  return !projects.some(({ folder }) => file.startsWith(`${folder}/`))
}

/** A lint rule may look at types, so what depends on a change is linted with it. */
function lintFolders(
  files: readonly string[],
  projects: readonly PlannedProject[],
  tools: boolean,
): readonly string[] {
  if (files.some((file) => LINT_SETTINGS.includes(file))) return ['.']
  const folders = projects.map(({ folder }) => folder)
  return tools ? [...folders.filter((folder) => !folder.startsWith('tools/')), 'tools'] : folders
}

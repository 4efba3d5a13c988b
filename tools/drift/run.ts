import { readFile } from 'node:fs/promises'
import { parseArgs } from 'node:util'
import { isOpenMuxError, OpenMuxError } from '@openmux/core'
import { type ProbeReport, readReport } from 'openmux'
import { act } from './act.ts'
import { decide, LABEL, type RunFacts } from './decide.ts'
import { type Observation, observeReport } from './disagreements.ts'
import { issuesApi } from './issues-api.ts'
import { observeLiveTests } from './live-report.ts'

/** What the script has of the world. */
export interface ScriptIo {
  readonly args: readonly string[]
  readonly env: Readonly<Record<string, string | undefined>>
  readonly say: (line: string) => void
  readonly complain: (line: string) => void
  /** Default: now. */
  readonly now?: () => Date
}

/** Does all of it; the exit code. Says no word of the token. */
export async function reportIssue(io: ScriptIo): Promise<0 | 1> {
  try {
    const files = readArguments(io.args)
    const observation = await observe(files)
    for (const { provider, subject, found } of observation.disagreements)
      io.say(`${provider}, ${subject}: ${found}`)
    const client = issuesApi({
      repository: io.env['GITHUB_REPOSITORY'] ?? '',
      token: io.env['GITHUB_TOKEN'] ?? '',
      ...(io.env['GITHUB_API_URL'] === undefined ? {} : { apiURL: io.env['GITHUB_API_URL'] }),
    })
    const action = decide(observation, await client.openIssues(LABEL), runFacts(io))
    if (files.dryRun) io.say(`would do: ${JSON.stringify(action, undefined, 2)}`)
    else io.say(await act(action, client))
    return 0
  } catch (error) {
    if (!isOpenMuxError(error)) throw error
    io.complain(`${error.code}: ${error.message} ${error.hint}`)
    return 1
  }
}

interface Files {
  readonly report: string
  readonly previous?: string
  readonly live?: string
  readonly dryRun: boolean
}

function readArguments(args: readonly string[]): Files {
  const text = { type: 'string' } as const
  const options = { report: text, previous: text, live: text, 'dry-run': { type: 'boolean' } } as const
  let values: ReturnType<typeof parseArgs<{ options: typeof options }>>['values']
  try {
    values = parseArgs({ args: [...args], options }).values
  } catch (cause) {
    throw badArgument('command line', cause instanceof Error ? cause.message : String(cause))
  }
  const { report, previous, live } = values
  if (report === undefined) throw badArgument('--report', 'No report was given.')
  return {
    report,
    ...(previous === undefined ? {} : { previous }),
    ...(live === undefined ? {} : { live }),
    dryRun: values['dry-run'] === true,
  }
}

async function observe({ report, previous, live }: Files): Promise<Observation> {
  const seen = observeReport(
    await readReport(await textOf('--report', report), report),
    await earlier(previous),
  )
  if (live === undefined) return seen
  const tried = observeLiveTests(await textOf('--live', live))
  return {
    disagreements: [...seen.disagreements, ...tried.disagreements],
    settled: new Set([...seen.settled, ...tried.settled]),
  }
}

/** The first run has no report before it, and one of an older form is no reason to fail. */
async function earlier(file: string | undefined): Promise<ProbeReport | undefined> {
  if (file === undefined) return undefined
  try {
    return await readReport(await readFile(file, 'utf8'), file)
  } catch {
    return undefined
  }
}

async function textOf(field: string, file: string): Promise<string> {
  try {
    return await readFile(file, 'utf8')
  } catch {
    throw badArgument(field, `${file} cannot be read.`)
  }
}

function runFacts({ env, now = () => new Date() }: ScriptIo): RunFacts {
  const { GITHUB_SERVER_URL: server, GITHUB_REPOSITORY: repository, GITHUB_RUN_ID: run } = env
  const at = now().toISOString()
  return server === undefined || run === undefined
    ? { at }
    : { at, url: `${server}/${repository ?? ''}/actions/runs/${run}` }
}

function badArgument(field: string, message: string): OpenMuxError {
  return new OpenMuxError({
    code: 'bad-request',
    field,
    message,
    hint: 'Use: node tools/drift/report-issue.ts --report FILE [--previous FILE] [--live FILE] [--dry-run].',
  })
}

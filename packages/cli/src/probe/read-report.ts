import { OpenMuxError } from '@openmux/core'
import type { ProbeReport } from './report.js'

/** Longest report that is read, characters. */
const MOST = 4 * 1024 * 1024

/**
 * A report out of the text that `openmux probe --json` printed. Errors: `bad-request`, field `--compare`, that names
 * the place which is wrong.
 * @param name of the file, for errors.
 */
export async function readReport(text: string, name: string): Promise<ProbeReport> {
  if (text.length > MOST) throw unreadable(name, 'is too long for a report')
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch {
    throw unreadable(name, text.trim() === '' ? 'is empty' : 'is not JSON')
  }
  // The checker is loaded only when there is something to check.
  const { reportSchema } = await import('./report-schema.js')
  const checked = reportSchema.safeParse(value)
  if (!checked.success) {
    const [issue] = checked.error.issues
    const place = issue === undefined || issue.path.length === 0 ? 'as a whole' : `at ${issue.path.join('.')}`
    throw unreadable(name, `is not a report of \`openmux probe --json\`: it is wrong ${place}`)
  }
  return withoutUndefined(checked.data)
}

/** What the schema lets be absent is absent, not undefined. */
function withoutUndefined(report: object): ProbeReport {
  return JSON.parse(JSON.stringify(report)) as ProbeReport
}

function unreadable(name: string, what: string): OpenMuxError {
  return new OpenMuxError({
    code: 'bad-request',
    field: '--compare',
    message: `${name} ${what}.`,
    hint: 'Give a file that `openmux probe --json` has written.',
  })
}

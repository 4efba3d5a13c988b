import { type Disagreement, type Observation, pointOf } from './disagreements.ts'
import type { OpenIssue } from './issues-client.ts'

/** The label and the mark in the text by which our own issue is found again. */
export const LABEL = 'upstream-drift'
const MARK = /<!-- openmux-drift: ([A-Za-z0-9_-]+) -->/

/** What to do about the issue. Duplicates, which only two runs at once could make, are closed in favour of the first. */
export type Action =
  | { readonly kind: 'nothing'; readonly why: string; readonly duplicates: readonly number[] }
  | { readonly kind: 'create'; readonly title: string; readonly body: string }
  | {
      readonly kind: 'update'
      readonly number: number
      readonly title: string
      readonly body: string
      readonly comment: string
      readonly duplicates: readonly number[]
    }
  | { readonly kind: 'close'; readonly numbers: readonly number[]; readonly comment: string }

/** Where a run can be read, and when it was. */
export interface RunFacts {
  /** ISO 8601. */
  readonly at: string
  readonly url?: string
}

/** What an issue is about, point by point: kept in it, so that the next run knows. */
type Told = Pick<Disagreement, 'provider' | 'subject' | 'kind'>

/**
 * From what was observed and what is open to one action. The same disagreement twice changes nothing, so that a long
 * outage is no daily mail; another one updates the text and says so in a comment. A point of the issue that could not
 * be looked at stays in it: silence is no recovery.
 */
export function decide(
  { disagreements, settled }: Observation,
  openIssues: readonly OpenIssue[],
  run: RunFacts,
): Action {
  const ours = openIssues
    .filter(({ body }) => MARK.test(body))
    .toSorted((one, other) => one.number - other.number)
  const [issue, ...others] = ours
  const duplicates = others.map(({ number }) => number)
  const told = issue === undefined ? [] : readMark(issue.body)
  const now = new Set(disagreements.map(pointOf))
  const unseen = told.filter((point) => !now.has(pointOf(point)) && !settled.has(pointOf(point)))
  const all = [...disagreements, ...unseen.map(asUnseen)]
  if (all.length === 0) {
    if (issue === undefined) return { kind: 'nothing', why: 'all is as the manifests say', duplicates }
    const comment = `All is as the manifests say again (${runText(run)}).`
    return { kind: 'close', numbers: ours.map(({ number }) => number), comment }
  }
  const [title, body] = [titleOf(all), bodyOf(all, run)]
  if (issue === undefined) return { kind: 'create', title, body }
  if (markOf(told) === markOf(all))
    return { kind: 'nothing', why: `issue ${issue.number} says so already`, duplicates }
  const comment = `What disagrees has changed (${runText(run)}); the text above is of now.`
  return { kind: 'update', number: issue.number, title, body, comment, duplicates }
}

/** The same for the same points, whatever their order and the words of their evidence. */
function markOf(points: readonly Told[]): string {
  const keys = points.map(({ provider, subject, kind }) => JSON.stringify([provider, subject, kind]))
  return Buffer.from(`[${[...new Set(keys)].toSorted().join(',')}]`).toString('base64url')
}

/** A mark that people have changed tells nothing; the text is then written anew. */
function readMark(body: string): readonly Told[] {
  try {
    const value = JSON.parse(Buffer.from(MARK.exec(body)?.[1] ?? '', 'base64url').toString()) as unknown
    if (!Array.isArray(value)) return []
    return value.flatMap((entry): readonly Told[] => {
      const [provider, subject, kind] = Array.isArray(entry) ? (entry as readonly unknown[]) : []
      if (typeof provider !== 'string' || typeof subject !== 'string' || typeof kind !== 'string') return []
      return [{ provider, subject, kind: kind as Disagreement['kind'] }]
    })
  } catch {
    return []
  }
}

function asUnseen(point: Told): Disagreement {
  return {
    ...point,
    found: `${point.kind} when it was last seen; it could not be looked at in this run`,
    advice: 'Wait for a run that can look, or look at it yourself.',
  }
}

function titleOf(disagreements: readonly Disagreement[]): string {
  const providers = [...new Set(disagreements.map(({ provider }) => provider))]
  const again = disagreements.every(({ kind }) => kind === 'works-again')
  return `Upstream drift: ${providers.join(', ')} ${again ? 'works again' : 'no longer as our packages say'}`
}

function bodyOf(disagreements: readonly Disagreement[], run: RunFacts): string {
  const rows = disagreements.map(
    ({ provider, subject, found, advice }) =>
      `| ${[provider, subject, found, advice].map(cell).join(' | ')} |`,
  )
  return [
    `What the scheduled run saw differs from what the manifests say (${runText(run)}).`,
    '',
    '| provider | what | found | to do |',
    '| --- | --- | --- | --- |',
    ...rows,
    '',
    'This issue is kept by `tools/drift`: it is updated when the list changes and closed when all agrees. The report is an artifact of the run. To look yourself: `npx openmux probe`.',
    '',
    `<!-- openmux-drift: ${markOf(disagreements)} -->`,
  ].join('\n')
}

/** Upstream words must not become markup, mentions or references. */
function cell(text: string): string {
  const short = text.replaceAll(/\s+/g, ' ')
  return (short.length > 400 ? `${short.slice(0, 399)}…` : short)
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll(/[\\`*_[\]|~]/g, (mark) => `\\${mark}`)
    .replaceAll(/[@#]/g, (mark) => `${mark}\u200b`)
}

function runText({ at, url }: RunFacts): string {
  return url === undefined ? at : `[run of ${at}](${url})`
}

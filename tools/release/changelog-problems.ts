/** What a changelog must not show its reader, each with how the complaint reads. */
const NOT_FOR_READERS: readonly (readonly [RegExp, string])[] = [
  [/updated dependencies/i, 'lists updated dependencies instead of saying what it means for the reader'],
  [/^\s*- [0-9a-f]{7,40}:/, 'begins with a commit hash'],
  [/\[[0-9a-f]{7,40}\]/, 'has a commit hash in brackets'],
  [/no changes in this release/i, 'tells of a release without a change'],
  [/\bworkspace:/, 'has a range that means nothing outside of the workspace'],
  [/\b(?:TODO|FIXME|WIP)\b/, 'is unfinished'],
]

/** What is wrong with the changelog of a package, one line each. */
export function changelogProblems(packageName: string, changelog: string): string[] {
  if (changelog.trim() === '') return ['is missing or empty']
  const lines = changelog.split('\n')
  return [
    ...(lines[0] === `# ${packageName}` ? [] : [`does not begin with "# ${packageName}"`]),
    ...lines.flatMap((line, index) => lineProblems(line).map((problem) => `line ${index + 1} ${problem}`)),
    ...entriesOf(lines).flatMap(({ text, at }) =>
      entryProblems(text).map((problem) => `line ${at} ${problem}`),
    ),
    ...emptySections(lines),
    ...repeatedVersions(lines),
  ]
}

/** The section of one version, without its heading; undefined when there is none. */
export function sectionOf(changelog: string, version: string): string | undefined {
  const sections = changelog.split(/^## /m).slice(1)
  const section = sections.find((text) => text.split('\n', 1)[0]?.trim() === version)
  return section?.slice(version.length).trim()
}

function lineProblems(line: string): string[] {
  return NOT_FOR_READERS.filter(([pattern]) => pattern.test(line)).map(([, problem]) => problem)
}

/** Every entry with the lines that go on with it, joined. */
function entriesOf(lines: readonly string[]): { readonly text: string; readonly at: number }[] {
  const entries: { text: string; at: number }[] = []
  for (const [index, line] of lines.entries()) {
    const last = entries.at(-1)
    if (line.startsWith('- ')) entries.push({ text: line.slice(2), at: index + 1 })
    else if (line.startsWith('  ') && last !== undefined) last.text += `\n${line.trim()}`
  }
  return entries
}

function entryProblems(text: string): string[] {
  const problems: string[] = []
  if (/^\p{Ll}/u.test(text)) problems.push('begins with a small letter')
  if (!/[.!?:)`]$/.test(text.trimEnd())) problems.push('is not a whole sentence')
  return problems
}

/** A heading with nothing under it but the next heading of its rank or a higher one. */
function emptySections(lines: readonly string[]): string[] {
  const told = lines.map((line, index) => ({ line, at: index + 1 })).filter(({ line }) => line.trim() !== '')
  return told.flatMap(({ line, at }, index) => {
    const rank = rankOf(line)
    if (rank === 0) return []
    const next = told[index + 1]
    const empty = next === undefined || (rankOf(next.line) > 0 && rankOf(next.line) <= rank)
    return empty ? [`line ${at} is a heading with nothing under it`] : []
  })
}

function repeatedVersions(lines: readonly string[]): string[] {
  const versions = lines.filter((line) => rankOf(line) === 2)
  return versions
    .filter((line, index) => versions.indexOf(line) !== index)
    .map((line) => `has "${line}" twice`)
}

function rankOf(line: string): number {
  return /^(#{1,6}) /.exec(line)?.[1]?.length ?? 0
}

/**
 * A changelog whose entry for `version` holds the command for the registry, once. Changesets write the entry and
 * know the version only then; so the command is put there after them, and is exact. Without such an entry nothing
 * changes: the version was not released by changesets.
 */
export function withRegistryNote(changelog: string, version: string, command: string): string {
  const heading = `## ${version}\n`
  const start = changelog.indexOf(heading)
  if (start === -1 || changelog.includes(command)) return changelog
  const next = changelog.indexOf('\n## ', start + heading.length)
  const end = next === -1 ? changelog.length : next
  const entry = changelog.slice(start, end).trimEnd()
  const rest = changelog.slice(end)
  return `${changelog.slice(0, start)}${entry}\n\nOn the registry:\n\n\`\`\`text\n${command}\n\`\`\`\n${rest}`
}

import { expect, it } from 'vitest'
import { getDependencyReleaseLine, getReleaseLine } from './changelog.ts'
import { changelogProblems, sectionOf } from './changelog-problems.ts'

const GOOD = `# @x/y

## 0.2.0

### Minor Changes

- Answers come faster.
- Two things:
  - one
  - other.

### Patch Changes

- Needs \`@x/core\` 0.2.0.

## 0.1.0

### Minor Changes

- First release.
`

it('writes a change as its changeset says it, without the commit', async () => {
  const changeset = { summary: 'Answers come faster.\n', commit: 'abcdef0123456789' }
  expect(await getReleaseLine(changeset)).toBe('- Answers come faster.')
})

it('keeps the further lines of a change in its entry', async () => {
  expect(await getReleaseLine({ summary: 'Two things:\n\n- one\n- other' })).toBe(
    '- Two things:\n\n  - one\n  - other',
  )
})

it.each([
  ['0.1.3', '0.2.0', true],
  ['0.1.3', '0.1.4', false],
  ['0.0.3', '0.0.4', true],
  ['1.2.0', '1.3.0', false],
  ['1.2.0', '2.0.0', true],
  ['0.9.0', '1.0.0', true],
  // Before the first release nobody has an older one.
  ['0.0.0', '0.1.0', false],
])(
  'names a dependency of ours that went from %s to %s only when the old one no longer does',
  async (from, to, named) => {
    const line = await getDependencyReleaseLine([], [{ name: '@x/core', oldVersion: from, newVersion: to }])
    expect(line).toBe(named ? `- Needs \`@x/core\` ${to}.` : '')
  },
)

it('names several dependencies in one sentence', async () => {
  const updated = ['core', 'http'].map((name) => ({
    name: `@x/${name}`,
    oldVersion: '0.1.0',
    newVersion: '0.2.0',
  }))
  expect(await getDependencyReleaseLine([], updated)).toBe('- Needs `@x/core` 0.2.0 and `@x/http` 0.2.0.')
})

it('finds nothing to say about a changelog that reads well', () => {
  expect(changelogProblems('@x/y', GOOD)).toEqual([])
})

it.each([
  ['an empty one', '', 'is missing or empty'],
  ['another package', GOOD.replace('# @x/y', '# @x/z'), 'does not begin with "# @x/y"'],
  ['an empty section', GOOD.replace('- First release.\n', ''), 'line 18 is a heading with nothing under it'],
  [
    'a list of dependencies',
    GOOD.replace('Needs `@x/core` 0.2.0.', 'Updated dependencies [1234567].'),
    'lists updated',
  ],
  [
    'a commit hash',
    GOOD.replace('- First release.', '- 1234567: First release.'),
    'begins with a commit hash',
  ],
  ['a small letter', GOOD.replace('- First', '- first'), 'begins with a small letter'],
  ['half a sentence', GOOD.replace('First release.', 'First release'), 'is not a whole sentence'],
  ['a version told twice', GOOD.replace('## 0.1.0', '## 0.2.0'), 'has "## 0.2.0" twice'],
])('objects to %s', (_name, changelog, problem) => {
  expect(changelogProblems('@x/y', changelog).join('\n')).toContain(problem)
})

it('finds the section of a version', () => {
  expect(sectionOf(GOOD, '0.1.0')).toBe('### Minor Changes\n\n- First release.')
  expect(sectionOf(GOOD, '0.1')).toBeUndefined()
})

import { execFileSync } from 'node:child_process'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { withRegistryNote } from '../changelog-note.ts'
import { clearLine, deprecateLine, registryMessage } from '../npm-deprecate.ts'

const PACKAGE = { name: '@openmux/provider-x', version: '0.3.1' }
const DEPRECATED = {
  stage: 'deprecated',
  since: '2026-11-23',
  reason: 'The service goes away.',
  replacement: '@openmux/provider-y',
  notice: "It won't answer from spring on.",
  nextReview: '2026-12-14',
} as const

/** What npm would be given, after a real shell has read the line. */
function given(command: string): readonly string[] {
  const script = `npm() { printf '%s\\0' "$@"; }\n${command}`
  return execFileSync('bash', ['-c', script], { encoding: 'utf8' }).split('\0').slice(0, -1)
}

describe('the line for the registry', () => {
  it('covers every version up to the one that carries the stage, with the words for users', () => {
    const line = deprecateLine(PACKAGE, DEPRECATED) ?? ''
    expect(line).toMatch(/^npm deprecate '@openmux\/provider-x@<=0\.3\.1' '/)
    expect(given(line)).toEqual([
      'deprecate',
      '@openmux/provider-x@<=0.3.1',
      "Deprecated since 2026-11-23. It won't answer from spring on. Use @openmux/provider-y instead.",
    ])
  })

  it('reaches npm to the letter, whatever the words are', () => {
    const words = fc.array(
      fc.string({ unit: 'grapheme', minLength: 1 }).filter((text) => !text.includes('\0')),
      {
        maxLength: 1,
      },
    )
    fc.assert(
      fc.property(words, ([notice = '$(echo) "\'\\` !']) => {
        const lifecycle = { ...DEPRECATED, notice }
        expect(given(deprecateLine(PACKAGE, lifecycle) ?? '')[2]).toBe(registryMessage(lifecycle))
      }),
      { numRuns: 40 },
    )
  })

  it('says the reason where a disabled package has no notice, and the replacement once', () => {
    const { notice: _none, ...disabled } = { ...DEPRECATED, stage: 'disabled' as const }
    expect(registryMessage(disabled)).toBe(
      'Disabled since 2026-11-23. The service goes away. Use @openmux/provider-y instead.',
    )
    expect(registryMessage({ ...DEPRECATED, notice: 'Move to @openmux/provider-y.' })).toBe(
      'Deprecated since 2026-11-23. Move to @openmux/provider-y.',
    )
    expect(registryMessage({ ...disabled, replacement: 'Ask a server of your own.' })).toContain(
      'goes away. Ask a server of your own.',
    )
  })

  it('is taken back by an empty message', () => {
    expect(given(clearLine(PACKAGE))).toEqual(['deprecate', '@openmux/provider-x@<=0.3.1', ''])
  })

  it('is not there for a package in good health', () => {
    expect(deprecateLine(PACKAGE, { stage: 'active', since: '2026-11-23' })).toBeUndefined()
  })
})

describe('the release notes of a deprecated version', () => {
  const log = '# @openmux/provider-x\n\n## 0.3.1\n\n### Minor\n\n- Deprecated.\n\n## 0.3.0\n\n- Older.\n'
  const command = deprecateLine(PACKAGE, DEPRECATED) ?? ''

  it('hold the line in the entry of that version, once', () => {
    const noted = withRegistryNote(log, '0.3.1', command)
    expect(noted).toBe(
      `# @openmux/provider-x\n\n## 0.3.1\n\n### Minor\n\n- Deprecated.\n\nOn the registry:\n\n\`\`\`text\n${command}\n\`\`\`\n\n## 0.3.0\n\n- Older.\n`,
    )
    expect(withRegistryNote(noted, '0.3.1', command)).toBe(noted)
  })

  it('stay as they are where the version was not released', () => {
    expect(withRegistryNote(log, '0.4.0', command)).toBe(log)
  })

  it('hold it in the first entry there is, too', () => {
    expect(withRegistryNote('# x\n\n## 0.3.1\n\n- Deprecated.\n', '0.3.1', command)).toMatch(
      /- Deprecated\.\n\nOn the registry:\n\n```text\nnpm deprecate .*\n```\n$/,
    )
  })
})

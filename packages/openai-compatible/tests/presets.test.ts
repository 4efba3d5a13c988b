import { readFileSync, writeFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { PRESETS, type Preset, presetTable } from '../src/index.js'

const README = new URL('../README.md', import.meta.url)
const ALL: readonly Preset[] = Object.values(PRESETS)

describe('presets', () => {
  it('are in the README as they are (UPDATE_README=1 writes them there)', () => {
    const text = readFileSync(README, 'utf8')
    const wanted = text.replace(
      /<!-- presets -->[^]*<!-- \/presets -->/,
      `<!-- presets -->\n\n${presetTable(ALL)}\n\n<!-- /presets -->`,
    )
    if (process.env['UPDATE_README'] === '1') writeFileSync(README, wanted)
    else expect(text).toBe(wanted)
    expect(wanted).toContain('`https://api.groq.com/openai/v1`')
  })

  it('name a source and a mark for every fact, the address among them', () => {
    for (const { id, facts } of ALL) {
      expect(
        facts.some(({ fact }) => fact.startsWith('address')),
        id,
      ).toBe(true)
      for (const { source, mark } of facts) {
        expect(source.trim()).not.toBe('')
        expect(['verified', 'captured', 'uncertain']).toContain(mark)
      }
    }
  })

  it('bind a key to https, and tell where to get one', () => {
    for (const preset of ALL.filter(({ requiresKey }) => requiresKey)) {
      expect(preset.baseURL).toMatch(/^https:/)
      expect(preset.apiKeyVariable).toMatch(/^[A-Z0-9_]+$/)
    }
  })

  it('are asked for by names that are theirs', () => {
    for (const [name, { id }] of Object.entries(PRESETS)) expect(id).toBe(name)
  })
})

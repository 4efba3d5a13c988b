import { expect, it } from 'vitest'
import { generatedTexts } from '../generated-texts.ts'
import { withBlock } from '../generated-block.ts'
import { readmeSection } from '../readme-section.ts'

it.each(await generatedTexts())(
  '$path is up to date (to mend: node tools/lifecycle/write.ts)',
  ({ is, wanted }) => {
    expect(is).toBe(wanted)
  },
)

it('a README of a disabled package says that it costs nothing, what instead, and how to use it all the same', () => {
  const section = readmeSection('hf-remote', {
    stage: 'disabled',
    since: '2025-11-10',
    reason: 'The service answers 410.',
    replacement: '@openmux/provider-hf-local',
    nextReview: '2026-02-01',
  })
  expect(section).toBe(
    "**Stage: [disabled](../../docs/lifecycle.md)** since 2025-11-10. The service answers 410. Use @openmux/provider-hf-local instead. OpenMux passes it over with `provider-disabled`: no request is sent, no key is needed. Whoever knows better can force it on: `createOpenMux({ providers, forceEnabled: ['hf-remote'] })`. To be looked at again on 2026-02-01.",
  )
})

it.each([
  ['no markers', 'text'],
  ['one marker', '<!-- x -->'],
  ['markers in the wrong order', '<!-- /x --><!-- x -->'],
  ['two pairs', '<!-- x --><!-- /x --><!-- x --><!-- /x -->'],
  ['two ends', '<!-- x --><!-- /x --><!-- /x -->'],
])('a document with %s is refused', (_what, document) => {
  expect(() => withBlock(document, 'x', 'new')).toThrow('there must be one pair of markers')
})

import { play, playOutage } from '../rivals/play.ts'
import { SYSTEMS } from '../rivals/systems.ts'
import { RULES, type Verdict } from '../rivals/verdict.ts'
import type { Row } from '../row.ts'

const SHOWN: Record<Verdict, string> = {
  pass: 'pass',
  partial: '*partial*',
  safe: '*safe*',
  fail: '**fail**',
}

/** What became of the sixteen public failure scenarios, streamed, for us and for the libraries that need no gateway. */
export async function scenarios(): Promise<{ readonly rows: readonly Row[]; readonly table: string }> {
  const names = RULES.map(({ id, title }) => ({ id, title }))
  const fifteenth = names.findIndex(({ id }) => id > 'S15')
  names.splice(fifteenth, 0, { id: 'S15', title: 'a minute’s outage, twenty requests' })
  // All at once: they wait, they do not compute.
  const verdicts = await Promise.all(
    SYSTEMS.map(async (system) => {
      const [outage, ...others] = await Promise.all([
        playOutage(system),
        ...RULES.map((rules) => play(system, rules)),
      ])
      others.splice(fifteenth, 0, outage)
      return others
    }),
  )
  const counts = verdicts.map((list) =>
    (['pass', 'partial', 'safe', 'fail'] as const).map((kind) => list.filter((one) => one === kind).length),
  )
  const lines = [
    ['scenario', ...SYSTEMS.map(({ name }) => name)],
    ['---', ...SYSTEMS.map(() => '---')],
    ...names.map(({ id, title }, index) => [
      `${id} ${title}`,
      ...verdicts.map((list) => SHOWN[list[index] ?? 'fail']),
    ]),
    ['**pass / partial / safe / fail**', ...counts.map((count) => `**${count.join(' / ')}**`)],
  ].map((cells) => `| ${cells.join(' | ')} |`)
  const settings = SYSTEMS.map(({ name, settings: given }) => `- ${name}: ${given}.`)
  const passed = counts[0]?.[0] ?? 0
  return {
    rows: [
      {
        what: 'public failure scenarios at real speed, streamed, passed',
        measured: `${passed} of ${names.length}`,
        target: `${names.length} of ${names.length}`,
        met: passed === names.length,
      },
    ],
    table: `${lines.join('\n')}\n\nWhat each was given:\n\n${settings.join('\n')}`,
  }
}

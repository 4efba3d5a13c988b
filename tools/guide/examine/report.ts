import type { Results } from './examine.ts'
import { MARKS, scoresOf } from './scores.ts'

/** The tables of an examination, as they stand in `docs/guide.md`. */
export function reportOf(results: Results): string {
  const { inDomain, outside, languages } = scoresOf(results)
  const share = inDomain.right / inDomain.asked
  return [
    '| | | mark | |',
    '| --- | --- | --- | --- |',
    `| about OpenMux: the right fact and no false one | ${inDomain.right} of ${inDomain.asked} (${percent(share)}) | ≥ ${percent(MARKS.right)} | ${met(share >= MARKS.right)} |`,
    `| of these right ones, with “I only know OpenMux. If that is what you mean” in front | ${inDomain.unsureRight} | | |`,
    `| of the others, with these words in front | ${inDomain.unsure - inDomain.unsureRight} | | |`,
    `| about OpenMux: “I do not know” | ${inDomain.unknown} | | |`,
    `| about OpenMux: the answer to another question, with what is false here | ${inDomain.false} | | |`,
    `| about anything else: an answer as if it were about OpenMux | ${outside.invented} of ${outside.asked} | ${MARKS.invented} | ${met(outside.invented <= MARKS.invented)} |`,
    `| about anything else: the same with these words in front | ${outside.unsure} of ${outside.asked} | | |`,
    `| in another language: who it is, politely, in that language | ${languages.own} of ${languages.asked} | | |`,
    `| in another language: the same in a wrong language | ${languages.other} | | |`,
    `| in another language: anything else | ${languages.wrong} | | |`,
    '',
    '| area | asked | right | does not know | lacks the fact | says something false |',
    '| --- | --- | --- | --- | --- | --- |',
    ...areas(results),
  ].join('\n')
}

/** What it got wrong: of the rehearsal, never of the examination, which nobody is to meet who teaches the guide. */
export function mistakesOf(results: Results): string {
  return [
    '| question | verdict | it said |',
    '| --- | --- | --- |',
    ...results.inDomain
      .filter(({ verdict }) => verdict !== 'right')
      .map(({ question, verdict, answer }) => row(question, verdict, answer)),
    ...results.outside
      .filter(({ verdict }) => verdict !== 'does not know')
      .map(({ question, verdict, answer }) => row(question, verdict, answer)),
    ...results.languages
      .filter(({ verdict }) => verdict !== 'in that language')
      .map(({ question, verdict, language, answer }) => row(question, `${language}: ${verdict}`, answer)),
  ].join('\n')
}

function areas({ inDomain }: Results): string[] {
  return [...new Set(inDomain.map(({ area }) => area))].map((area) => {
    const of = inDomain.filter((entry) => entry.area === area)
    const count = (verdict: string): number => of.filter((entry) => entry.verdict === verdict).length
    return `| ${area} | ${of.length} | ${count('right')} | ${count('does not know')} | ${count('lacks the fact')} | ${count('says something false')} |`
  })
}

function row(...cells: readonly string[]): string {
  return `| ${cells.map((cell) => cell.replaceAll('|', '\\|').replaceAll(/\s+/g, ' ')).join(' | ')} |`
}

function percent(share: number): string {
  return `${(share * 100).toFixed(1)} %`
}

function met(isMet: boolean): string {
  return isMet ? 'met' : '**not met**'
}

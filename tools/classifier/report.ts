import type { LabelledRequest } from './requests.ts'

/** What a classifier said of a request. */
export interface Verdict {
  readonly request: LabelledRequest
  readonly said: string
}

const TASKS = ['chat', 'code', 'embeddings', 'unknown'] as const
const TASK_NAMES = { chat: 'chat', code: 'code', embeddings: 'embeddings', unknown: 'don’t know' }

/** How many of some verdicts were right, wrong, or "don't know" where something could be known. */
export interface Tally {
  readonly total: number
  readonly right: number
  readonly wrong: number
  readonly abstained: number
}

export function tally(verdicts: readonly Verdict[]): Tally {
  const right = verdicts.filter(({ request, said }) => said === request.label).length
  const abstained = verdicts.filter(
    ({ request, said }) => said === 'unknown' && request.label !== 'unknown',
  ).length
  return { total: verdicts.length, right, wrong: verdicts.length - right - abstained, abstained }
}

/** The numbers that targets are set for. Shares from 0 to 1. */
export interface Numbers {
  readonly overall: number
  readonly english: number
  readonly typos: number
  readonly adversarial: number
  /** Of the requests that ask for no embeddings, how many were taken for such. */
  readonly falseEmbeddings: number
  readonly abstained: number
}

export function numbersOf(verdicts: readonly Verdict[]): Numbers {
  const shareRight = (some: readonly Verdict[]): number => tally(some).right / some.length
  const others = verdicts.filter(({ request }) => request.label !== 'embeddings')
  return {
    overall: shareRight(verdicts),
    english: shareRight(verdicts.filter(({ request }) => request.language === 'en')),
    typos: shareRight(verdicts.filter(({ request }) => request.kind === 'typos')),
    adversarial: shareRight(verdicts.filter(({ request }) => request.kind === 'adversarial')),
    falseEmbeddings: others.filter(({ said }) => said === 'embeddings').length / others.length,
    abstained: tally(verdicts).abstained / verdicts.length,
  }
}

/** What is asked of the trained classifier. An abstention counts as wrong in every accuracy. */
export const TARGETS: readonly {
  readonly what: string
  readonly of: keyof Numbers
  readonly least?: number
  readonly most?: number
}[] = [
  { what: 'accuracy in English', of: 'english', least: 0.97 },
  { what: 'accuracy overall', of: 'overall', least: 0.93 },
  { what: 'accuracy under typos', of: 'typos', least: 0.9 },
  { what: 'accuracy on adversarial everyday sentences', of: 'adversarial', least: 0.95 },
  { what: 'false embeddings', of: 'falseEmbeddings', most: 0.002 },
]

/** The numbers that targets are set for, trained beside rules, and the confusion of both. */
function summaryOf(trained: readonly Verdict[], rules: readonly Verdict[]): string {
  const numbers = { trained: numbersOf(trained), rules: numbersOf(rules) }
  return [
    `${trained.length} requests in ${new Set(trained.map(({ request }) => request.language)).size} languages.`,
    table(
      ['', 'trained', 'rules', 'target', ''],
      [
        ...TARGETS.map(({ what, of, least, most }) => [
          what,
          percent(numbers.trained[of]),
          percent(numbers.rules[of]),
          least === undefined ? `≤ ${percent(most ?? 0)}` : `≥ ${percent(least)}`,
          isMet(numbers.trained[of], least, most) ? 'met' : '**not met**',
        ]),
        [
          '“don’t know” where something could be known',
          percent(numbers.trained.abstained),
          percent(numbers.rules.abstained),
          '',
          '',
        ],
      ],
    ),
    '### Confusion',
    'Rows: what it is. Columns: what was said.',
    '**Trained**',
    confusion(trained),
    '**Rules**',
    confusion(rules),
  ].join('\n\n')
}

/** The names of the targets that are missed. */
export function missedTargets(verdicts: readonly Verdict[]): readonly string[] {
  const numbers = numbersOf(verdicts)
  return TARGETS.filter(({ of, least, most }) => !isMet(numbers[of], least, most)).map(({ what }) => what)
}

/** All numbers: {@link summaryOf}, by kind, by language, by both. */
export function tablesOf(trained: readonly Verdict[], rules: readonly Verdict[]): string {
  return [
    summaryOf(trained, rules),
    '### By kind',
    by('kind', trained, rules),
    '### By language',
    by('language', trained, rules),
    '### By language and kind',
    'Trained: right of all; `?` behind the number that were “don’t know”, `✗` behind the wrong ones.',
    grid(trained),
  ].join('\n\n')
}

/** What `docs/classification.md` holds: {@link tablesOf}, and what the trained classifier got wrong. */
export function reportOf(trained: readonly Verdict[], rules: readonly Verdict[]): string {
  return [tablesOf(trained, rules), '### What it got wrong', wrongOnes(trained)].join('\n\n')
}

function isMet(value: number, least?: number, most?: number): boolean {
  return (least === undefined || value >= least) && (most === undefined || value <= most)
}

function confusion(verdicts: readonly Verdict[]): string {
  return table(
    ['', ...TASKS.map((task) => TASK_NAMES[task])],
    TASKS.map((label) => [
      TASK_NAMES[label],
      ...TASKS.map((said) =>
        String(verdicts.filter((verdict) => verdict.request.label === label && verdict.said === said).length),
      ),
    ]),
  )
}

function by(what: 'kind' | 'language', trained: readonly Verdict[], rules: readonly Verdict[]): string {
  const groups = [...new Set(trained.map(({ request }) => request[what]))]
  const rows = groups.map((group) => {
    const [ours, theirs] = [trained, rules].map((verdicts) =>
      tally(verdicts.filter(({ request }) => request[what] === group)),
    )
    if (ours === undefined || theirs === undefined) throw new Error('two classifiers are compared')
    return { group, ours, theirs }
  })
  return table(
    [what, 'requests', 'trained right', 'wrong', 'don’t know', 'rules right', 'wrong', 'don’t know'],
    rows
      .toSorted((one, other) => other.ours.total - one.ours.total || (one.group < other.group ? -1 : 1))
      .map(({ group, ours, theirs }) => [
        group,
        String(ours.total),
        percent(ours.right / ours.total),
        String(ours.wrong),
        String(ours.abstained),
        percent(theirs.right / theirs.total),
        String(theirs.wrong),
        String(theirs.abstained),
      ]),
  )
}

function grid(verdicts: readonly Verdict[]): string {
  const kinds = [...new Set(verdicts.map(({ request }) => request.kind))]
  const languages = [...new Set(verdicts.map(({ request }) => request.language))]
  return table(
    ['', ...kinds],
    languages.map((language) => [
      language,
      ...kinds.map((kind) => {
        const { total, right, wrong, abstained } = tally(
          verdicts.filter(({ request }) => request.language === language && request.kind === kind),
        )
        if (total === 0) return ''
        return `${right}/${total}${abstained > 0 ? ` ${abstained}?` : ''}${wrong > 0 ? ` ${wrong}✗` : ''}`
      }),
    ]),
  )
}

function wrongOnes(verdicts: readonly Verdict[]): string {
  const wrong = verdicts.filter(({ request, said }) => said !== request.label)
  return table(
    ['language', 'kind', 'is', 'said', 'request'],
    wrong.map(({ request, said }) => [
      request.language,
      request.kind,
      request.label,
      said === 'unknown' ? 'don’t know' : said,
      shown(request.text),
    ]),
  )
}

/** On one line, where no bar ends a cell and nothing is taken for markup. */
function shown(text: string): string {
  const line = text.replaceAll('\n', ' ⏎ ').replaceAll('|', '¦').replaceAll('`', 'ˋ')
  return `\`${line.length > 90 ? `${line.slice(0, 90)}…` : line}\``
}

function percent(share: number): string {
  return `${(share * 100).toFixed(1)} %`
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  return [head, head.map(() => '---'), ...rows].map((cells) => `| ${cells.join(' | ')} |`).join('\n')
}

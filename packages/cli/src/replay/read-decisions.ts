import { OpenMuxError } from '@openmux/core'
import { type ReplayableDecision, readReplayable } from '@openmux/core/replay'

/**
 * The decisions in a file: one JSON value a line as `--record` writes them, results or errors of `--json`, or one such
 * value over several lines. Errors: `bad-request` that names the line.
 */
export function readDecisions(text: string, name: string): readonly ReplayableDecision[] {
  const values = valuesIn(text.replace(/^\uFEFF/, ''), name)
  if (values.length === 0) throw wrong(name, 'holds no decision')
  return values.map(({ value, place }) => {
    const found = decisionIn(value)
    if (found === undefined) throw wrong(name, `holds no decision at ${place}`)
    const decision = readReplayable(found, `${name}, ${place}`)
    const tried = decision.candidates.filter(({ verdict }) => verdict !== 'cut')
    if (tried.length > 0 && tried.every(({ parts }) => parts === undefined)) throw unscored(name, place)
    return decision
  })
}

interface FoundValue {
  readonly value: unknown
  readonly place: string
}

function valuesIn(text: string, name: string): readonly FoundValue[] {
  const whole = parsed(text)
  if (Array.isArray(whole)) return whole.map((value: unknown, at) => ({ value, place: `item ${at + 1}` }))
  if (whole !== undefined) return [{ value: whole, place: 'the whole file' }]
  return text.split('\n').flatMap((line, at): FoundValue[] => {
    if (line.trim() === '') return []
    const value = parsed(line)
    if (value === undefined) throw wrong(name, `is not JSON in line ${at + 1}`)
    return [{ value, place: `line ${at + 1}` }]
  })
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text) as unknown
  } catch {
    return undefined
  }
}

/** A record of `explain --json` is one itself; results have it as `decision`, errors of `--json` below `error`. */
function decisionIn(value: unknown): unknown {
  if (!isObject(value)) return undefined
  if ('candidates' in value) return value
  if ('decision' in value) return value['decision']
  const { error } = value
  return isObject(error) ? error['decision'] : undefined
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null
}

function wrong(name: string, what: string): OpenMuxError {
  return new OpenMuxError({
    code: 'bad-request',
    field: 'file',
    message: `${name} ${what}.`,
    hint: 'Give a file of `openmux ask --record FILE`, or results of --json, one a line.',
  })
}

/** The usual policy asks one after the other and scores nobody; its results alone say nothing of the others. */
function unscored(name: string, place: string): OpenMuxError {
  return new OpenMuxError({
    code: 'bad-request',
    field: 'file',
    message: `${name} holds a decision without scores at ${place}: nobody can say how others would have fared.`,
    hint: 'Record with `openmux ask --record FILE "…"`, which scores everybody, or use `openmux explain --json`.',
  })
}

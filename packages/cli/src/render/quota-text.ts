import type { AllowanceForecast, BreakerForecast, CooldownForecast, Forecast } from '@openmux/core'
import type { Colours } from '../terminal/colours.js'
import { showControlsIn } from '../terminal/control-characters.js'
import { target } from './closing-line.js'
import { moment, momentOrNever } from './moments.js'
import { plainTable } from './plain-table.js'
import { wrap } from './wrap.js'

/** Who would serve the next request that costs nothing, and when, ms since 1970. Empty: nobody, as things stand. */
export interface NextFree {
  readonly at?: number
  readonly provider?: string
  readonly model?: string
}

const COLUMNS = [
  { title: 'LIMIT' },
  { title: 'LEFT', align: 'right' },
  { title: 'RENEWED' },
  { title: 'NEXT REQUEST' },
] as const

/** What is left, who is left alone, what ails; and with `next`, when the next free request would be served. */
export function quotaText(
  forecast: Forecast,
  next: NextFree | undefined,
  now: number,
  colours: Colours,
  width: number,
): string {
  const { allowances, cooldowns, breakers } = showControlsIn(forecast)
  const blocks = [
    allowances.length === 0
      ? ''
      : plainTable(
          COLUMNS,
          allowances.map((allowance) => allowanceRow(allowance, now, colours)),
          colours,
        ),
    block(
      'Left alone',
      cooldowns.map((cooldown) => cooldownLine(cooldown, now)),
      colours,
      width,
    ),
    block(
      'Ailing',
      breakers.map((breaker) => breakerLine(breaker, now)),
      colours,
      width,
    ),
    next === undefined ? '' : `${nextLine(next, now, colours)}\n`,
  ].filter((text) => text !== '')
  if (allowances.length + cooldowns.length + breakers.length === 0) {
    const more = next === undefined ? ' `openmux quota --ask` asks the services.' : ''
    blocks.unshift(`${wrap(`No limit is known, and nothing is left alone.${more}`, width)}\n`)
  }
  return blocks.join('\n')
}

function allowanceRow(allowance: AllowanceForecast, now: number, colours: Colours): readonly string[] {
  const { provider, scope, rule, model, unit, limit, remaining, renewsAt, nextFreeAt, reported } = allowance
  const who = model === undefined ? provider : `${provider}/${model}`
  const what = rule ?? (model === undefined ? scope : '')
  const free = momentOrNever(nextFreeAt, now)
  return [
    `${colours.strong(who)}${what === '' ? '' : colours.quiet(` ${what}`)}`,
    // What we counted ourselves is as good as our counting.
    `${reported || remaining === undefined ? '' : 'about '}${amount(remaining, limit, unit)}`,
    renewsAt === undefined ? '' : moment(renewsAt, now),
    // Money is shown and keeps nobody from asking.
    unit === 'usd' ? '' : free === 'now' ? colours.good(free) : colours.notice(free),
  ]
}

function amount(
  left: number | undefined,
  limit: number | undefined,
  unit: AllowanceForecast['unit'],
): string {
  const number = (count: number): string => (unit === 'usd' ? `$${count.toFixed(2)}` : String(count))
  const what = unit === 'usd' ? '' : ` ${unit}`
  if (left === undefined) return limit === undefined ? '' : `of ${number(limit)}${what}`
  return `${number(left)}${limit === undefined ? '' : ` of ${number(limit)}`}${what}`
}

function cooldownLine({ provider, area, name, code, until }: CooldownForecast, now: number): string {
  const who =
    area === 'machine'
      ? 'the network of this machine'
      : area === 'model'
        ? target({ provider, ...(name !== undefined && { model: name }) })
        : `${provider} (${area === 'unruled' ? 'account' : area}${name === undefined ? '' : ` ${name}`})`
  return `${who}: ${code}, asked again ${moment(until, now)}`
}

function breakerLine({ origin, model, state, failures, code, until }: BreakerForecast, now: number): string {
  const times = failures === 1 ? 'failed once' : `failed ${failures} times in a row`
  const then =
    state === 'open' && until !== undefined
      ? `; tried again ${moment(until, now)}`
      : state === 'half-open'
        ? '; the next request decides'
        : '; still used'
  return `${model === undefined ? origin : `${model} at ${origin}`}: ${times} (${code})${then}`
}

function block(title: string, lines: readonly string[], colours: Colours, width: number): string {
  if (lines.length === 0) return ''
  return `${[colours.strong(`${title}:`), ...lines.map((line) => wrap(`  ${line}`, width, 4))].join('\n')}\n`
}

function nextLine({ at, provider, model }: NextFree, now: number, colours: Colours): string {
  if (at === undefined)
    return colours.notice('Nothing that costs nothing can answer; `openmux providers` says what to do.')
  const by =
    provider === undefined ? '' : `, by ${target({ provider, ...(model !== undefined && { model }) })}`
  return `The next free request: ${colours.good(moment(at, now))}${by}.`
}

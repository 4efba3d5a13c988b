import type { Message } from '../contract/message.js'
import { textOf } from './context-need.js'

/**
 * Scripts that tell a language, or a few, and the languages written in them. Latin tells none: it is not guessed.
 */
const SCRIPTS: readonly (readonly [script: RegExp, languages: readonly string[]])[] = [
  [/[\u3040-\u30ff]/u, ['ja']],
  [/\p{Script=Hangul}/u, ['ko']],
  [/\p{Script=Han}/u, ['zh', 'ja']],
  [/\p{Script=Cyrillic}/u, ['ru', 'uk', 'bg', 'sr', 'be', 'mk', 'kk']],
  [/\p{Script=Arabic}/u, ['ar', 'fa', 'ur']],
  [/\p{Script=Hebrew}/u, ['he', 'yi']],
  [/\p{Script=Greek}/u, ['el']],
  [/\p{Script=Thai}/u, ['th']],
  [/\p{Script=Devanagari}/u, ['hi', 'mr', 'ne']],
  [/\p{Script=Bengali}/u, ['bn', 'as']],
  [/\p{Script=Tamil}/u, ['ta']],
]
/** Characters of the last message that are looked at. */
const LOOKED_AT = 2_000
/** Share of letters a script needs: a name or a sign in another script is no language. */
const ENOUGH = 0.3

/**
 * Pure: the languages the last message may be written in, by its script; undefined when the script tells nothing.
 * One of them is enough for a model.
 */
export function languagesByScript(messages: readonly Message[]): readonly string[] | undefined {
  const last = messages.findLast(({ role }) => role === 'user')
  if (last === undefined) return undefined
  const text = textOf(last).slice(0, LOOKED_AT)
  // Most requests: nothing but Latin letters. Taking a text apart into letters costs more than the rest of planning.
  if (!/[^\0-\u024f]/.test(text)) return undefined
  const letters = text.match(/\p{L}/gu)
  if (letters === null || letters.every((letter) => letter.charCodeAt(0) < 0x250)) return undefined
  for (const [script, languages] of SCRIPTS) {
    const count = letters.filter((letter) => script.test(letter)).length
    if (count / letters.length >= ENOUGH) return languages
  }
  return undefined
}

/** A request, as far as languages go. */
export interface SpokenRequest {
  /** What the caller names. */
  readonly named: readonly string[]
  readonly messages: readonly Message[]
}

/** What a request asks of a model's languages: all that the caller names, and one of those the script allows. */
export interface LanguageNeed {
  readonly named: readonly string[]
  readonly byScript?: readonly string[]
}

/** What a request asks of a model's languages. */
export function languageNeed({ named, messages }: SpokenRequest): LanguageNeed {
  const byScript = languagesByScript(messages)
  return { named, ...(byScript !== undefined && { byScript }) }
}

/** For people: why a model's languages do not do; undefined when they do, or are not known. */
export function languageMisfit(
  spoken: readonly string[] | undefined,
  need: LanguageNeed,
): string | undefined {
  if (spoken === undefined) return undefined
  const missing = need.named.filter((language) => !spoken.includes(primary(language)))
  if (missing.length > 0) return `does not speak ${missing.join(', ')}`
  const { byScript } = need
  if (byScript === undefined || byScript.some((language) => spoken.includes(language))) return undefined
  return `does not speak the language of the request (${byScript.slice(0, 2).join(' or ')})`
}

/** `pt-BR` → `pt`. */
function primary(language: string): string {
  return language.toLowerCase().split('-')[0] ?? language
}

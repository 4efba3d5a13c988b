import type { Sign } from './code-shapes.js'
import { KINDS_OF_WORD, meansSomethingElse, type WordKind } from './words.js'

/** What the words ask for: signs of code, and whether prose or vectors are wanted. */
export interface Wish {
  readonly signs: readonly Sign[]
  /** What kind of prose is asked for, when it is: `poem`. */
  readonly prose?: string
  readonly wantsVectors?: boolean
  readonly words: number
}

/** How far the thing may stand from the verb that asks for it, in words. */
const REACH = 7
const WORD = /[\p{L}\p{N}_+#.']*[\p{L}\p{N}+#]/gu
const HOW_TO =
  /\b(?:how (?:do|can|would|should|to)|wie (?:kann|\p{L}+ (?:ich|man))|comment|cómo|como|come (?:faccio|posso|si)|hoe|jak|как)(?!\p{L})/iu
/** Languages whose names are common words or letters count only written like this. */
const IN_LANGUAGE =
  /\b(?:in|using|with|en|em|mit|na|на)\s+(?:(?:plain|pure|modern|vanilla)\s+)?(Go|Rust|Swift|Ruby|[Cc](?=$|[.?!,;:)]|\n)|C(?![#+\w'’]| major| minor| sharp| flat)|R|Dart|Julia|Scala|Elixir|Zig|Perl|Lua|Fortran|COBOL|Assembly|[Jj]ava(?:[Ss]cript)?|[Tt]ype[Ss]cript|[Pp]ython|golang|[Kk]otlin|PHP|php|SQL|sql|[Bb]ash|VBA|[Cc](?:\+\+|#)|React|Vue|HTML|CSS)(?![\p{L}\p{N}])/u
/** Asks about programming rather than for a program. */
const ABOUT =
  /^(?:who|when)\b|\b(?:what (?:is|are|was|does \S+ stand)|what’s|what's|difference|versus|vs|compare|explain|stands? for|was ist|qu'est-ce|qué es|cos'è|что такое|learn|learning|install|teach|history|invented|career|job|popular|course|book|lernen|apprendre|aprender)\b/i
/** Languages written without spaces: a verb and a thing in one short request, in any order, or a language with them. */
const UNSPACED_THING = /函[数數]|代码|脚本|程序|算法|関数|コード|スクリプト|함수|코드|스크립트/
const UNSPACED_VERB = /写|实现|生成|修[复正]|作[成っ]|書|実装|작성|구현|만들|수정/
const UNSPACED_LANGUAGE =
  /[用使]\s?(?:Java|Python|Go|Rust|PHP|SQL)|(?:Java|Python|Go|Rust)(?:Script)?(?:で|로|으로)/

/** `useEffect`: a name written as only programmers do; `iPhone` is none. */
const IDENTIFIER = /\b[a-z]{2,}[A-Z][a-z]+/
/** Phrases that are about nothing else. */
const PROGRAMMERS_WORDS = /\b(?:refactor|unit tests?|regular expressions?|pull request|stack trace)\b/i
/** Things that need no other word beside them to be about programs. */
const ONLY_PROGRAMS =
  /^(?:code|код|kod|kodu|código|codigo|codice|snippet|parser|compiler|algorithm|api|cli|struct)$/

/** What the words of a text ask for. */
export function wishOf(text: string): Wish {
  const words = text.toLowerCase().match(WORD) ?? []
  const kinds = words.map((word) => KINDS_OF_WORD.get(word))
  const signs: Sign[] = []
  let prose: string | undefined
  let wantsVectors = false
  let technical = 0
  let behaves = false
  let trouble = false
  let mends = false
  let names = false
  let maybe: string | undefined

  const isProgram = (at: number): boolean =>
    !meansSomethingElse(words[at] ?? '', words[at - 1], words[at + 1]) &&
    // "function keys", "the function of": the thing of a sentence about something else.
    (words[at - 1] !== 'the' || words[at + 1] !== 'of')

  const ask = (at: number, step: 1 | -1, mending: boolean): void => {
    for (let near = at + step; near !== at + step * (REACH + 1); near += step) {
      const kind = kinds[near]
      if (kind === undefined) continue
      const word = words[near] ?? ''
      if (kind.includes('vectors') && !mending) {
        wantsVectors = true
        return
      }
      if (kind.includes('prose') && !(mending && kind.includes('mend'))) {
        prose ??= word
        return
      }
      if (kind.includes('program') && isProgram(near)) {
        signs.push({ weight: 1.3, reason: `asks for a ${word}` })
        return
      }
      if (kind.includes('maybe-program') && isProgram(near)) {
        maybe ??= word
        return
      }
      if (mending && kind.includes('trouble')) return
    }
  }

  for (const [at, kind] of kinds.entries()) {
    if (kind === undefined) continue
    if (kind.includes('technical')) technical += 1
    if (kind.includes('behaves')) behaves = true
    if (kind.includes('trouble')) trouble = true
    if ((kind.includes('program') || kind.includes('maybe-program')) && isProgram(at)) names = true
    if (kind.includes('embed') && asksToEmbed(kinds, at)) wantsVectors = true
    // "code" after an article is a thing, not a verb.
    if (kind.includes('make') && !isThing(words, kinds, at)) ask(at, 1, false)
    if (kind.includes('make-last')) ask(at, -1, false)
    if (kind.includes('mend') && !isThing(words, kinds, at)) {
      mends = true
      ask(at, 1, true)
    }
  }

  const language = IN_LANGUAGE.exec(text)?.[1]
  if (IDENTIFIER.test(text)) technical += 2
  const about = ABOUT.test(text)
  if (maybe !== undefined && prose === undefined) {
    const sure = technical > 0 || language !== undefined || behaves || ONLY_PROGRAMS.test(maybe)
    signs.push({ weight: sure ? 1.2 : 0.6, reason: `asks for a ${maybe}` })
  }
  if (prose === undefined && !about) {
    if (language !== undefined) {
      const sure = HOW_TO.test(text) || behaves || mends
      signs.push({ weight: sure ? 1.1 : 0.7, reason: `speaks of ${language}` })
    } else if (technical > 0) {
      signs.push({ weight: technical > 1 ? 1 : 0.6, reason: 'speaks of programming' })
    }
    if (technical > 0 && /\bimplement\b/i.test(text)) signs.push({ weight: 0.5, reason: 'asks to implement' })
    if (mends && technical > 0) signs.push({ weight: 0.7, reason: 'wants code put right' })
    if (trouble && (technical > 0 || language !== undefined))
      signs.push({ weight: 0.7, reason: 'speaks of an error in a program' })
    else if (trouble && names) signs.push({ weight: 1, reason: 'speaks of an error in a program' })
  }
  if (PROGRAMMERS_WORDS.test(text)) signs.push({ weight: 1, reason: 'uses words of programmers' })
  if (UNSPACED_VERB.test(text) && (UNSPACED_THING.test(text) || UNSPACED_LANGUAGE.test(text)))
    signs.push({ weight: 1.2, reason: 'asks for code' })
  return {
    signs,
    words: words.length,
    ...(prose !== undefined && { prose }),
    // Whoever asks how it is done, or for a program that does it, does not want vectors back.
    ...(wantsVectors && signs.length === 0 && !HOW_TO.test(text) && prose === undefined && { wantsVectors }),
  }
}

/** "embed this sentence", "embed the following": not "embed this video". */
function asksToEmbed(kinds: readonly (readonly WordKind[] | undefined)[], at: number): boolean {
  return at < 4 && kinds.slice(at + 1, at + 5).some((kind) => kind?.includes('text') === true)
}

/** Whether a word that could be a verb stands as a thing: "the code", "my program", "dress code". */
function isThing(
  words: readonly string[],
  kinds: readonly (readonly WordKind[] | undefined)[],
  at: number,
): boolean {
  if (kinds[at]?.includes('maybe-program') !== true && kinds[at]?.includes('prose') !== true) return false
  const before = words[at - 1]
  return before !== undefined && before !== 'please' && before !== 'to' && before !== 'and'
}

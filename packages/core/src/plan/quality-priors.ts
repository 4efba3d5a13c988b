/** A published measurement of one model: its family, its size, and how it did. */
export interface PublishedQuality {
  /** As found in ids, in the spelling of {@link plainModelName}. */
  readonly family: string
  /** Billions of weights. Absent where it is not published; the family then has one row only. */
  readonly billions?: number
  /** MMLU-Pro, share of right answers. */
  readonly chat?: number
  /** HumanEval, share solved at the first try. */
  readonly code?: number
}

/** Day the rows below were last compared with their source. */
export const QUALITY_PRIORS_DATE = '2026-11-23'

/** Where every number below stands; each row of the source links the maker's own page or paper. */
export const QUALITY_PRIORS_SOURCE =
  'https://github.com/JonathanChavezTamales/llm-leaderboard/tree/24a9ccf7402306f0c3e237213538e4537d64ecc2/data'

/** `family billions chat code`, `-` for what is not published. Makers' own numbers: a first guess, no verdict. */
const ROWS = `
llama-3.1 405 .733 .89
llama-3.1 70 .664 .805
llama-3.1 8 .483 .726
llama-3.3 70 .689 .884
llama-4-maverick 400 .805 -
llama-4-scout 109 .743 -
qwen-2 72 .644 .86
qwen-2 7 .441 .799
qwen-2.5 72 .711 .866
qwen-2.5 32 .69 .884
qwen-2.5 14 .637 .835
qwen-2.5 7 .563 .848
qwen-2.5-coder 32 .504 .927
qwen-2.5-coder 7 .401 .884
qwen-2.5-vl 32 .688 .915
qwen-3 235 .682 -
qwen-3-next 80 .806 -
gemma-2 27 - .518
gemma-2 9 - .402
gemma-3 27 .675 .878
gemma-3 12 .606 .854
gemma-3 4 .436 .713
gemma-3 1 .147 .415
gemma-3n 4 .506 .75
gemma-3n 2 .405 .665
phi-3.5-mini 3.8 .474 .628
phi-4 14 .704 .826
phi-4-mini 3.8 .528 -
phi-4-reasoning 14 .743 -
mistral-small 24 .663 .848
mistral-small-3.1 24 .668 .884
mistral-small-3.2 24 .691 -
mistral-large 123 - .92
codestral 22 - .811
deepseek-v-2.5 236 - .89
deepseek-v-3 671 .759 -
deepseek-v-3.1 671 .837 -
deepseek-r-1-0528 671 .85 -
glm-4.5 355 .846 -
glm-4.5-air 106 .814 -
kimi-k-2 1000 .811 .933
granite-3.3 8 - .897
gpt-4o - .747 .902
gpt-4o-mini - - .872
gemini-2.0-flash - .764 -
gemini-2.0-flash-lite - .716 -
claude-3-5-haiku - .65 .881
claude-3-5-sonnet - .776 .937`

/** The rows as data, longest family name first, so that the closest name is found first. */
export const QUALITY_PRIORS: readonly PublishedQuality[] = /* @__PURE__ */ readRows()

function readRows(): readonly PublishedQuality[] {
  return ROWS.trim()
    .split('\n')
    .map((row): PublishedQuality => {
      const [family = '', ...numbers] = row.split(' ')
      const [billions, chat, code] = numbers.map((text) => (text === '-' ? undefined : Number(text)))
      return {
        family,
        ...(billions !== undefined && { billions }),
        ...(chat !== undefined && { chat }),
        ...(code !== undefined && { code }),
      }
    })
    .sort((a, b) => b.family.length - a.family.length)
}

/**
 * The prompt does not fit. "maximum context length" (OpenAI, vLLM), "exceeds the available context size" (llama.cpp),
 * "prompt is too long" (Anthropic), "input length … exceeds" (Ollama, TEI), "`inputs` tokens + `max_new_tokens`" (TGI), "input token count … exceeds the
 * maximum number of tokens" (Gemini), "greater than the context length" (LM Studio), "max_tokens must be at least 1, got
 * -186" (vLLM: the prompt left no room).
 */
const CONTEXT_TOO_LONG =
  /context[_ ](?:length|window|size)[^.]{0,60}(?:exceed|too|maximum|limit)|(?:maximum|exceed\w*)[^.]{0,60}context[_ ](?:length|window|size)|context_length_exceeded|`?inputs`? must have less than|prompt (?:is )?too long|input (?:is )?too long|input length[^.]{0,40}exceeds|`?inputs`? tokens \+ `?max_new_tokens|reduce the length of the messages|too many (?:input )?tokens in|input token count[^.]{0,40}exceeds|greater than the context length|max_tokens must be at least 1, got -/i

/** What the model itself wrote cannot be used: `tool_use_failed`, `json_validate_failed` (Groq, as 400). */
const MODEL_FAULT =
  /tool_use_failed|json_validate_failed|failed to (?:call a function|generate json)|tool call validation failed/i

const CONTENT_FILTER =
  /content[_ ]?(?:policy|filter|management)|content_policy_violation|flagged (?:as|by|for)|flagged_input|moderation|responsible ?ai|safety (?:system|filter|settings)|violat\w+ (?:our|the|usage) (?:usage )?polic/i

const MODEL_NOT_SERVED =
  /model_not_supported|not supported by (?:any )?provider|no endpoints found|no allowed providers|model (?:\S+ )?(?:has been|is|was) (?:deprecated|decommissioned|retired|discontinued|shut ?down)|model_decommissioned|no longer (?:served|available)[^.]{0,30}model|models?\b.{0,120}?no longer (?:served|available)|non-serverless model|not found for account/i

const MODEL_NOT_FOUND =
  /model_not_found|models?\b.{0,120}?\b(?:not found|does not exist|doesn't exist|not exist|unknown)|not a valid model|(?:unknown|invalid|no such) model\b|deploymentnotfound/i

const UNSUPPORTED =
  /does not support (?:tool|function|image|vision|thinking|reasoning|json|schema|structured|system|stream|embed|chat|generate|logprob|assistant message prefill)|(?:tool|function call|image|vision|json[_ ]schema|response_format)\w*[^.]{0,60}(?:not supported|unsupported)|no endpoints found that support|unsupported[_ ]parameter|tools? (?:choice|param) requires --|assistant response prefill is incompatible|expected last role user/i

const BAD_KEY =
  /(?:api[ _-]?key|token|credential)s?\b[^.]{0,60}(?:invalid|not valid|expired|revoked|incorrect|missing)|(?:invalid|incorrect|expired|missing) (?:api[ _-]?key|authentication|credential|(?:access|auth|bearer) token)|invalid_api_key|unauthorized/i

const NO_MONEY =
  /insufficient[_ ](?:quota|credits?|balance|funds)|(?:check|review) your plan and billing|credit balance is too low|(?:depleted|exceeded) your monthly included credits|requires? (?:more|a paid) (?:credits|plan)|billing (?:hard )?limit|payment required|out of credits|add (?:more )?credits using|used all available credits|spending limit|budget has been exceeded/i

/** Money without a doubt: not the words that are also said of a window. */
const SPENT =
  /insufficient[_ ](?:credits?|balance|funds)|used all available credits|spending limit|budget has been exceeded/i

const REGION =
  /(?:country|region|territory|location)[^.]{0,60}(?:not (?:supported|available|allowed)|unsupported|restricted|blocked)|unsupported_country|region_restricted|not available in your (?:country|region)/i

const LICENCE =
  /gated (?:repo|model)|accept the (?:licen[cs]e|terms|conditions)|agree to (?:share|the terms)|awaiting a review from the repo|model terms acceptance/i

/** Asked for more than a window ever holds: no wait cures that, a smaller request does. */
const ABOVE_THE_LIMIT =
  /request too large|requested? \d[\d,]* tokens? (?:which )?exceeds? (?:the )?limit|payload too large|body (?:is )?too large|entity too large/i

const CAPACITY =
  /capacity|overloaded|over ?load|try again later|temporarily (?:unavailable|rate-limited upstream)|server (?:is )?busy|no (?:available )?(?:workers?|instances?|slots?)/i

/** The target is not well, though it says that the request is at fault (NVIDIA NIM and LM Studio, as 400). */
const TARGET_FAILS =
  /degraded function|model (?:is unloaded|has crashed)|failed to load model|insufficient system resources/i

/** Nothing can answer until a person acts: LM Studio with no model loaded, as 404. */
const NOTHING_LOADED = /no models? (?:is |are )?loaded|please load a model/i

/** An allowance of nothing: the free tier does not hold this model, whatever time is told to wait (Gemini). */
const NO_ALLOWANCE = /quota exceeded for[^]{0,300}?\blimit: 0\b/i

/** A window of a day or longer; a minute's window is a rate limit even where it is called a quota. */
const LONG_WINDOW =
  /per[- _]?(?:day|month|week)|\b(?:daily|weekly|monthly)\b|requests? (?:a|per|\/) ?(?:day|month)|\b(?:rpd|tpd)\b|perday|byday|per 86400 ?s/i
const SHORT_WINDOW =
  /per[- _]?(?:min(?:ute)?|second|hour)\b|\b(?:rpm|tpm|rps)\b|perminute|byminute|per 60 ?s/i

const LOADING =
  /(?:model|worker|server)\b[^.]{0,80}\bloading|loading (?:the )?model|is (?:starting|warming) up|scaled? (?:up )?from zero|cold start/i

/** The vocabulary, for the table in `status-verdict.ts`. */
export const WORDS = {
  contextTooLong: CONTEXT_TOO_LONG,
  modelFault: MODEL_FAULT,
  contentFilter: CONTENT_FILTER,
  modelNotServed: MODEL_NOT_SERVED,
  modelNotFound: MODEL_NOT_FOUND,
  unsupported: UNSUPPORTED,
  badKey: BAD_KEY,
  noMoney: NO_MONEY,
  spent: SPENT,
  noAllowance: NO_ALLOWANCE,
  targetFails: TARGET_FAILS,
  nothingLoaded: NOTHING_LOADED,
  region: REGION,
  licence: LICENCE,
  aboveTheLimit: ABOVE_THE_LIMIT,
  capacity: CAPACITY,
  longWindow: LONG_WINDOW,
  shortWindow: SHORT_WINDOW,
  loading: LOADING,
} as const satisfies Record<string, RegExp>

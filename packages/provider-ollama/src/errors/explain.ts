import { type ErrorExplainer, type ErrorVerdict, errorText, type FailedAnswer } from '@openmux/http'
import { plainModelName } from '../names/model-name.js'
import { CHAT_RULES } from './chat-rules.js'
import { PULL_RULES } from './pull-rules.js'
import { SERVER_RULES } from './server-rules.js'

const RULES = [...PULL_RULES, ...SERVER_RULES, ...CHAT_RULES]

/**
 * What a refusal of an Ollama server means, by status and words; undefined when the words are
 * not Ollama's, and the general table by status has to do.
 */
export const explainOllamaError: ErrorExplainer = (answer) => {
  const text = errorText(answer.json, answer.body).message.trim()
  const model = answer.model === undefined ? 'the model' : plainModelName(answer.model)
  for (const rule of RULES) {
    if (rule.statuses !== undefined && !rule.statuses.includes(answer.status)) continue
    if (rule.path !== undefined && !rule.path.test(answer.path)) continue
    // A rule for "no words" is about a body that is really empty, not one that could not be read.
    const match = rule.words.exec(answer.body === '' ? '' : text)
    if (match !== null) return rule.verdict({ text: text.replace(/\.$/, ''), match, answer, model })
  }
  return missingRoute(answer)
}

/** gin's own answer for a path that this version does not have yet. */
function missingRoute(answer: FailedAnswer): ErrorVerdict | undefined {
  if (answer.status !== 404 || !answer.body.startsWith('404 page not found')) return undefined
  return {
    code: 'needs-setup',
    scope: 'endpoint',
    message: `This server has no ${answer.path}: it is an old Ollama, or something else.`,
    hint: 'Update Ollama (https://ollama.com/download), or check OLLAMA_HOST.',
  }
}

import type { Message } from '../contract/message.js'
import type { Classification } from './classification.js'
import { classifyText } from './classify-text.js'

/** Tells the task of a conversation, at once. */
export type DefaultClassifier = (messages: readonly Message[]) => Classification

/**
 * What an OpenMux uses that is given no classifier: the trained one, or the rules where its weights cannot be loaded,
 * say behind a half-deployed site.
 */
export async function loadDefaultClassifier(): Promise<DefaultClassifier> {
  try {
    const { classifyByTraining } = await import('./trained-classifier.js')
    return classifyByTraining
  } catch {
    return (messages) => {
      const classification = classifyText(messages)
      return {
        ...classification,
        reason: `${classification.reason}; by rules, for the trained classifier could not be loaded`,
      }
    }
  }
}

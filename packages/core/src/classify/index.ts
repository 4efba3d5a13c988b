export type { Classification, Classifier, ClassifierRequest } from './classification.js'
export { classifyText, rulesClassifier } from './classify-text.js'
export {
  classifyByTraining,
  createTextClassifier,
  type TextClassifier,
  trainedClassifier,
} from './trained-classifier.js'

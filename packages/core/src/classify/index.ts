export type { Classification, Classifier, ClassifierRequest } from './classification.js'
export { classifyText, rulesClassifier } from './classify-text.js'
export { FEATURE_SPACE, featuresOf } from './request-features.js'
export {
  classifyByTraining,
  createTextClassifier,
  type TextClassifier,
  trainedClassifier,
} from './trained-classifier.js'

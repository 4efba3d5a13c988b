export type { Classification, Classifier, ClassifierRequest } from './classification.js'
export { classifyText, rulesClassifier } from './classify-text.js'

export { errorCaseFaults, type ErrorOutcome } from './error-case-faults.js'
export { errorCaseHandler, errorCaseResponse, type ErrorOnTheWire } from './error-case-response.js'
export {
  errorCase,
  errorCorpus,
  errorCorpusFolder,
  type LabelledError,
  readErrorCorpus,
} from './read-error-corpus.js'
export {
  CORPUS_NOW,
  type CorpusMark,
  type CorpusProvider,
  type CorpusQuestion,
  type ErrorPlace,
  type ExpectedError,
  type UpstreamErrorCase,
  type UpstreamErrorFile,
} from './upstream-error.js'

export { answerOf, failureFinding, foundWithoutKey, type ProbeFinding, routeFinding } from './finding.js'
export { notChecked, probeCheck, type ProbeQuestion } from './probe-check.js'
export { spendChecks, type TrialTerms, type TriedProvider } from './spend-checks.js'

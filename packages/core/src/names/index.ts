export { checkOptionNames } from './check-option-names.js'
export { didYouMean, namesProvider, nearestNames, plainName } from '../plan/spelling.js'

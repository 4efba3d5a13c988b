export { didYouMean, namesProvider, nearestNames, plainName } from '../plan/spelling.js'

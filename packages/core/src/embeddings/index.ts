export {
  checkSpace,
  type CheckSpaceOptions,
  type SampleCheck,
  type SpaceCheck,
  SpaceMismatch,
} from './check-space.js'
export {
  readReference,
  REFERENCE_SENTENCES,
  type SpaceReference,
  type SpaceSample,
  takeReference,
  type TakeReferenceOptions,
} from './space-reference.js'
export { type StatedSpace, stateSpaces } from '../plan/stated-spaces.js'

export {
  type EndpointContainer,
  type HfEndpointDouble,
  hfEndpointDouble,
  type HfEndpointDoubleOptions,
} from './endpoint-double.js'
export type { Nesting } from './feature-extraction.js'
export {
  type HfErrorFixture,
  hfErrorResponse,
  type HfExpectation,
  type HfMark,
  type HfSurface,
} from './fixture.js'
export { type HfDouble, hfDouble, type HfDoubleOptions, type HfRoute } from './hf-double.js'
export type { MappingForm } from './hub-routes.js'
export { HF_DOUBLE_MODELS, type HfDoubleModel, type HfDoubleServing } from './models.js'
export { RETIRED_HOST_ERROR, retiredHostDouble } from './retired-host.js'
export { hfDoubleTokenVectors, hfDoubleVector } from './vectors.js'
export { HF_ERROR_CORPUS, hfError } from './error-corpus.js'
export { hfEndpointScenarios, hfScenarios } from './scenarios.js'

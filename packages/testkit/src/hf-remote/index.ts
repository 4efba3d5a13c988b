export {
  type EndpointContainer,
  type HfEndpointDouble,
  hfEndpointDouble,
  type HfEndpointDoubleOptions,
} from './endpoint-double.js'
export type { Nesting } from './feature-extraction.js'
export { type HfDouble, hfDouble, type HfDoubleOptions, type HfRoute } from './hf-double.js'
export type { MappingForm } from './hub-routes.js'
export { HF_DOUBLE_MODELS, type HfDoubleModel, type HfDoubleServing } from './models.js'
export { RETIRED_HOST_ERROR, retiredHostDouble } from './retired-host.js'
export { hfDoubleTokenVectors, hfDoubleVector } from './vectors.js'
export { hfEndpointScenarios, hfError, hfScenarios } from './scenarios.js'

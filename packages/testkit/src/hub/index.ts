export { hubDouble, type HubDouble, type HubDoubleOptions } from './hub-double.js'
export type { FaultRule, HubFault } from './hub-fault.js'

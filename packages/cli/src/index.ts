export type { CommandIo, OutputStream, ProcessSignal } from './io.js'
export type { ProviderSettings, ProvidersFactory } from './providers/create-providers.js'
export { EXIT_CODES, type ExitCode } from './render/exit-codes.js'
export { run } from './run.js'

import { createOpenMux } from '@openmux/core'
import { hfLocal } from '@openmux/provider-hf-local'

/** The guide's whole answer to one question. */
export type AskGuide = (question: string) => Promise<string>

/** The guide as people have it: through the orchestrator and the provider, without network. */
export function openGuide(folder: string): { readonly ask: AskGuide; readonly close: () => Promise<void> } {
  const mux = createOpenMux({ providers: [hfLocal({ models: [folder], offline: true, environment: {} })] })
  return {
    ask: async (question) =>
      (await mux.chat({ messages: [{ role: 'user', content: question }], model: folder })).text,
    close: () => mux.close(),
  }
}

import { createOpenMux, isOpenMuxError } from '@openmux/core'
import { hfLocal } from '@openmux/provider-hf-local'

/** The guide's whole answer to one question; the code of the error where it gave none. */
export type AskGuide = (question: string) => Promise<string>

/** The guide as people have it: through the orchestrator and the provider, without network. */
export function openGuide(folder: string): { readonly ask: AskGuide; readonly close: () => Promise<void> } {
  const mux = createOpenMux({ providers: [hfLocal({ models: [folder], offline: true, environment: {} })] })
  return {
    ask: async (question) => {
      try {
        return (await mux.chat({ messages: [{ role: 'user', content: question }], model: folder })).text
      } catch (error) {
        if (isOpenMuxError(error)) return error.code
        throw error
      }
    },
    close: () => mux.close(),
  }
}

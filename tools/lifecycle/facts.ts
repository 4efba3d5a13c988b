import type { Provider } from '@openmux/core'
import {
  LIFECYCLE as compatibleLifecycle,
  openaiCompatible,
  PRESETS,
  type Preset,
} from '@openmux/openai-compatible'
import { hfLocal, LIFECYCLE as hfLocalLifecycle } from '@openmux/provider-hf-local'
import { hfRemote, LIFECYCLE as hfRemoteLifecycle } from '@openmux/provider-hf-remote'
import { LIFECYCLE as ollamaLifecycle, ollama } from '@openmux/provider-ollama'
import { LIFECYCLE as openrouterLifecycle, openrouter } from '@openmux/provider-openrouter'

type Environment = Readonly<Record<string, string | undefined>>

/** How a package is used, as built: what `docs/providers.md` tells is read off it. */
interface Built {
  readonly lifecycle: Provider['lifecycle']
  /** The provider as most people make it, then with other addresses where they make a difference. */
  readonly make: (environment: Environment) => readonly [Provider, ...Provider[]]
}

/** The built provider packages by `openmux.provider` of their manifest. */
export const BUILT: Readonly<Record<string, Built>> = {
  'hf-local': { lifecycle: hfLocalLifecycle, make: (environment) => [hfLocal({ environment })] },
  'hf-remote': { lifecycle: hfRemoteLifecycle, make: (environment) => [hfRemote({ environment })] },
  ollama: {
    lifecycle: ollamaLifecycle,
    make: (environment) => [ollama({ environment }), ollama({ environment, baseURL: 'https://ollama.com' })],
  },
  openrouter: { lifecycle: openrouterLifecycle, make: (environment) => [openrouter({ environment })] },
  'openai-compatible': {
    lifecycle: compatibleLifecycle,
    make: (environment) => [
      openaiCompatible({ id: 'here', baseURL: 'http://127.0.0.1:1234/v1', environment }),
      openaiCompatible({ id: 'there', baseURL: 'https://server.example.com/v1', environment }),
    ],
  },
}

/** What the built package says of itself. */
export interface Facts {
  /** As most people make it. */
  readonly provider: Provider
  /** Where prompts may go, by the address it is given. */
  readonly localities: readonly Provider['locality'][]
  /** The variables its key is looked for in, as it really looks. */
  readonly keyVariables: readonly string[]
}

/** Makes the providers of a package and looks at them. Sends nothing. */
export async function factsOf(name: string): Promise<Facts> {
  const built = BUILT[name]
  if (built === undefined) throw new Error(`tools/lifecycle/facts.ts does not know how to make ${name}`)
  const read = new Set<string>()
  const [provider, ...others] = built.make(watched({}, read))
  await Promise.all([provider, ...others].map((one) => one.close()))
  return {
    provider,
    localities: [...new Set([provider, ...others].map(({ locality }) => locality))],
    keyVariables: [...read].filter((variable) => /_(?:KEY|TOKEN)$/.test(variable)).toSorted(),
  }
}

/** An environment that notes which of its variables are read. */
function watched(environment: Environment, read: Set<string>): Environment {
  return new Proxy(environment, {
    get(target, variable) {
      if (typeof variable !== 'string') return undefined
      read.add(variable)
      return target[variable]
    },
  })
}

/** The presets that have a lifecycle of their own. */
export function presetsWithLifecycle(): readonly (Preset & Required<Pick<Preset, 'lifecycle'>>)[] {
  const all: readonly Preset[] = Object.values(PRESETS)
  return all.flatMap((preset) =>
    preset.lifecycle === undefined ? [] : [{ ...preset, lifecycle: preset.lifecycle }],
  )
}

import * as z from 'zod'
import { PROVIDER_OPTIONS } from './provider-options.js'
import { name, names, strict, words } from './shapes.js'

/** Everything the configuration file can hold. `docs/configuration.md` lists exactly these keys; a test holds the two together. */
export const configurationSchema = strict(
  {
    $schema: name('the address of a JSON Schema'),
    order: names('an array of provider ids, like ["ollama", "hf-local"]'),
    providers: strict(PROVIDER_OPTIONS, 'an object with provider ids as keys').optional(),
    provider: name('the id of a provider'),
    model: name('the name of a model, like "llama3.2:1b" or "ollama/llama3.2:1b"'),
    embeddingModel: name('the name of an embedding model, like "nomic-embed-text"'),
    system: name('a text'),
    timeout: z
      .number(words('a number of seconds from 0 (no limit)'))
      .nonnegative(words('a number of seconds from 0 (no limit)'))
      .optional(),
    maxAttempts: z.int(words('a whole number above 0')).positive(words('a whole number above 0')).optional(),
    prefer: names('an array of providers or models, like ["ollama", "llama3.2:1b"]'),
    localOnly: z.boolean(words('true or false')).optional(),
    offline: z.boolean(words('true or false')).optional(),
  },
  'an object of settings',
)

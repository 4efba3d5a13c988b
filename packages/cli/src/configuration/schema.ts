import * as z from 'zod'
import { providersSchema } from './providers-schema.js'
import { HISTORY_WORDS, ON_BREAK_WORDS } from '../options/option-table.js'
import { policySchema } from './policy-schema.js'
import { flag, name, names, oneOfWords, strict, whole, words } from './shapes.js'

/** Everything the configuration file can hold. `docs/configuration.md` lists exactly these keys; a test holds the two together. */
export const configurationSchema = strict(
  {
    $schema: name('the address of a JSON Schema'),
    order: names('an array of provider ids, like ["ollama", "hf-local"]'),
    providers: providersSchema.optional(),
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
    forceEnabled: names('an array of provider ids, like ["hf-remote"]'),
    localOnly: flag,
    offline: flag,
    zeroCost: flag,
    minContextTokens: whole(1, 'a whole number above 0'),
    policy: policySchema.optional(),
    onBreak: oneOfWords(ON_BREAK_WORDS),
    history: oneOfWords(HISTORY_WORDS),
    hedge: flag,
    impatient: flag,
    nano: flag,
    cache: flag,
    state: flag,
  },
  'an object of settings',
)

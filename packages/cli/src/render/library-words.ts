type Words = readonly (readonly [RegExp, string])[]

/** Options of a request in the library's hints, and what they are called here. `$1` is what was matched. */
const REQUEST_OPTIONS: Words = [
  [/\bonBreak: "(\w+)"/g, '--on-break $1'],
  [/\bhistory: ['"](\w+)['"]/g, '--history $1'],
  [/\breasoning: "(\w+)"/g, '--reasoning $1'],
  [/`?\bmaxTokens\b`?/g, '--max-tokens'],
  [/`?\blocalOnly\b`?/g, '--local'],
  [/`?\bzeroCost\b`?/g, '--free'],
  [/`?\bminContextTokens\b`?/g, '--min-context'],
  [/`?\bforceEnabled\b`?/g, '--force-enabled'],
  [/\bThe partial text is on the error\b/g, 'What came is above'],
]

/** Makers of providers, likewise. */
const MAKERS: Words = [
  [/\buse hfRemote\(\)/gi, 'use the provider hf-remote'],
  [/\buse hfEndpoint\(\)/gi, 'use an endpoint below `providers` of the configuration'],
]

/** `the option apiKey`, and no sentence about some option. */
const PROVIDER_OPTION = /\b(?:the )?option `?(?!out\b|is\b|must\b|has\b|holds\b)([a-z]\w+)`?/g

/**
 * A hint of the library for somebody who has a command line: its options by their names here, the options of a
 * provider by where they stand in the configuration.
 */
export function inWordsOfTheCommandLine(hint: string, provider: string | undefined): string {
  return replaced(inWordsOfTheConfiguration(hint, provider), REQUEST_OPTIONS)
}

/** The same for what stands in the configuration, whose keys are called as they are in the library. */
export function inWordsOfTheConfiguration(hint: string, provider: string | undefined): string {
  const place = provider === undefined ? 'providers' : `providers.${provider}`
  return replaced(hint.replace(PROVIDER_OPTION, `\`${place}.$1\` of the configuration`), MAKERS)
}

function replaced(text: string, words: Words): string {
  return words.reduce((told, [word, here]) => told.replace(word, here), text)
}

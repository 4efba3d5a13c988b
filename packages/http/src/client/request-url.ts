import { OpenMuxError } from '@openmux/core'

/** `path` behind `base`. Throws `bad-request`, field `path`, when it would climb out of the prefix. */
export function requestURL(base: string, path: string, provider: string): string {
  // Encoded dots climb as well once the URL is normalised.
  if (/(?:^|[/\\])(?:\.|%2e){2}(?:[/\\?#]|$)/i.test(path)) {
    throw new OpenMuxError({
      code: 'bad-request',
      provider,
      field: 'path',
      message: 'The path of a request holds a ".." segment.',
      hint: 'Encode names of models with encodeURIComponent before they go into a path.',
    })
  }
  return path.startsWith('/') ? base + path : `${base}/${path}`
}

/** `path` as it may be shown: without query and fragment, which can hold a key. */
export function shownPath(path: string): string {
  return path.replace(/[?#].*$/s, '')
}

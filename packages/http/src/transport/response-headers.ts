/** Headers of an answer: lower-case names; a header sent several times is joined by `, `. */
export type ResponseHeaders = Readonly<Record<string, string>>

/** The headers of a web `Response`. */
export function headersOfFetch(headers: Headers): ResponseHeaders {
  const plain: Record<string, string> = {}
  headers.forEach((value, name) => {
    plain[name] = value
  })
  return plain
}

/** The headers as Node's HTTP clients give them: a list where a header came several times. */
export function headersOfNode(
  headers: Readonly<Record<string, string | string[] | undefined>>,
): ResponseHeaders {
  const plain: Record<string, string> = {}
  for (const name in headers) {
    const value = headers[name]
    if (value !== undefined) plain[name] = typeof value === 'string' ? value : value.join(', ')
  }
  return plain
}

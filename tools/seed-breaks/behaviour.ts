/** What became of a request while a back end was gone: the ancestors' and ours in the same words. */
export interface Behaviour {
  /** Requests sent to the dead back end for one question. */
  readonly requestsToTheDead: number
  /** What the failure was called; `unnamed` for an error of a library, or none at all. */
  readonly failure: string
  /** Whether the failure came by itself, without waiting for a time limit. */
  readonly endsByItself: boolean
  /** Who answered the first question. */
  readonly first: 'the next back end' | 'nobody'
  /** Who answered the second one, asked of the same object. */
  readonly second: 'the next back end' | 'nobody'
  /** What an embedding request came to, when only a model of another space was left. */
  readonly embeddings: 'typed failure' | 'prose' | 'vectors of another space'
}

/** What a user of OpenMux may hold against a behaviour; empty when it is as promised. */
export function faultsOf(behaviour: Behaviour): readonly string[] {
  const { requestsToTheDead, failure, endsByItself, first, second, embeddings } = behaviour
  return [
    ...(requestsToTheDead > 1 ? ['asks the dead again'] : []),
    ...(failure === 'unnamed' ? ['does not say what is wrong'] : []),
    ...(endsByItself ? [] : ['hangs']),
    ...(first === 'nobody' ? ['gives no answer'] : []),
    ...(second === 'nobody' ? ['answers once only'] : []),
    ...(embeddings === 'typed failure' ? [] : [`gives ${embeddings} as embeddings`]),
  ]
}

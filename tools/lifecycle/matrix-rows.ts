/** A row of the support matrix that stands for something a provider declares, or does not. */
export interface DeclaredRow {
  readonly label: string
  /** The task or the member of `supports`. */
  readonly declared: string
  /** The group of the contract suite that proves it; absent where the suite has none. */
  readonly group?: string
  /** Only tests with such a title, where a group proves more than one thing. */
  readonly title?: RegExp
}

/** In the order of the table. Groups that no row names get a row of their own behind them. */
export const DECLARED_ROWS: readonly DeclaredRow[] = [
  { label: 'chat, code', declared: 'chat', group: 'chat-basic' },
  { label: 'embeddings', declared: 'embeddings', group: 'embeddings' },
  { label: 'streaming', declared: 'streaming', group: 'chat-stream' },
  { label: 'tools', declared: 'tools', group: 'tools' },
  { label: 'JSON', declared: 'json', group: 'json', title: /\bas JSON\b/ },
  { label: 'JSON Schema', declared: 'jsonSchema', group: 'json', title: /\bschema\b/ },
  { label: 'images', declared: 'vision', group: 'vision' },
  { label: 'reasoning', declared: 'reasoning', group: 'reasoning' },
  { label: 'seed', declared: 'seed', group: 'seed' },
  { label: 'prefill', declared: 'prefill', group: 'prefill' },
  { label: 'log probabilities', declared: 'logprobs' },
]

interface KeyShape {
  readonly begins: RegExp
  readonly service: string
}

/** Keys that name their service by their first letters (each vendor's documentation of keys; GitHub's secret scanning list). */
const FOREIGN: readonly KeyShape[] = [
  { begins: /^hf_/, service: 'Hugging Face' },
  { begins: /^sk-ant-/, service: 'Anthropic' },
  { begins: /^sk-(?:proj|svcacct|admin)-/, service: 'OpenAI' },
  { begins: /^gsk_/, service: 'Groq' },
  { begins: /^csk-/, service: 'Cerebras' },
  { begins: /^xai-/, service: 'xAI' },
  { begins: /^AIza/, service: 'Google' },
  { begins: /^nvapi-/, service: 'NVIDIA' },
  { begins: /^pplx-/, service: 'Perplexity' },
  { begins: /^r8_/, service: 'Replicate' },
  { begins: /^(?:gh[pousr]_|github_pat_)/, service: 'GitHub' },
]

/** The service a key was made for, when its shape says that it is another than OpenRouter (`sk-or-…`). */
export function foreignService(key: string, isOpenRouter: boolean): string | undefined {
  if (key.startsWith('sk-or-')) return undefined
  const known = FOREIGN.find(({ begins }) => begins.test(key))?.service
  // A gateway of one's own may hand out any key that begins so; OpenRouter does not.
  return (
    known ?? (isOpenRouter && /^sk-[A-Za-z0-9]{20,}$/.test(key) ? 'OpenAI or another service' : undefined)
  )
}

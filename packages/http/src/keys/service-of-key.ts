interface KeyShape {
  readonly begins: RegExp
  readonly service: string
}

/** Keys that name their service by their first letters (each vendor's documentation of keys; GitHub's secret scanning list). */
const SHAPES: readonly KeyShape[] = [
  { begins: /^hf_/, service: 'Hugging Face' },
  { begins: /^sk-or-/, service: 'OpenRouter' },
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
  // The old shape of OpenAI's, which others took over.
  { begins: /^sk-[A-Za-z0-9]{20,}$/, service: 'OpenAI or another service' },
]

/**
 * The service a key was made for, by how it begins; undefined where that does not tell. A key for somebody else must not
 * be shown to the one it was configured for by mistake.
 */
export function serviceOfKey(key: string): string | undefined {
  return SHAPES.find(({ begins }) => begins.test(key))?.service
}

const MASK = '[redacted]'

/** Shapes of keys that must not be shown even when nobody told us they are secret. */
const KEY_SHAPES: readonly RegExp[] = [
  /\b(?:sk|pk|rk)-[A-Za-z0-9_-]{8,}/g,
  /\bhf_[A-Za-z0-9]{8,}/g,
  /\b(?:gsk|csk|xai|ghp|gho|github_pat)[_-][A-Za-z0-9_]{8,}/g,
  /\bAIza[A-Za-z0-9_-]{20,}/g,
  /\b(bearer|basic)\s+[A-Za-z0-9._~+/=-]{6,}/gi,
  /\b((?:api[_-]?key|access[_-]?token|token|authorization|password|secret)["']?\s*[=:]\s*["']?)[^\s"'&,;}]{6,}/gi,
  /(\/\/)[^\s/:@]+:[^\s/@]+(?=@)/g,
]

/** `text` without anything that looks like a key and without the `secrets` named. */
export function redact(text: string, secrets: readonly string[] = []): string {
  let clean = text
  for (const secret of secrets) {
    // Very short "secrets" would blank out ordinary words.
    if (secret.length >= 4) clean = clean.replaceAll(secret, MASK)
  }
  for (const shape of KEY_SHAPES) {
    clean = clean.replace(shape, (_match, prefix: unknown) =>
      typeof prefix === 'string' && prefix !== '' ? `${prefix}${/\w$/.test(prefix) ? ' ' : ''}${MASK}` : MASK,
    )
  }
  return clean
}

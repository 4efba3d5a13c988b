/** The double's tokenizer: up to six letters, up to three digits, or one other character, with the blank before it. */
export function tokensOf(text: string): readonly string[] {
  return text.match(/\s*(?:\p{L}{1,6}|\p{N}{1,3}|[^\s\p{L}\p{N}])|\s+$/gu) ?? []
}

/** Tokens a template adds for one message. */
const PER_MESSAGE = 4

/** Tokens of a conversation. */
export function conversationTokens(
  messages: readonly { readonly content: string; readonly images: number }[],
): number {
  return messages.reduce(
    (all, { content, images }) => all + tokensOf(content).length + PER_MESSAGE + images * 768,
    0,
  )
}

/**
 * What a request asks for.
 * - `chat`: an answer in words (also tool calls and JSON).
 * - `code`: an answer that is mostly program text; served by chat models, preferably coding ones.
 * - `embeddings`: vectors. A chat model never stands in for an embedding model.
 */
export type Task = 'chat' | 'code' | 'embeddings'

/** Every {@link Task}, in the order they are listed to people. */
export const TASKS: readonly Task[] = ['chat', 'code', 'embeddings']

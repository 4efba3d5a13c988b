/**
 * Why an answer ended, in one vocabulary for all back ends.
 * - `stop`: the model was done, or a stop text was met.
 * - `length`: the token limit or the end of the window was reached.
 * - `tool-calls`: the caller must run tools and send their results.
 * - `content-filter`: the back end withheld or cut the answer.
 * - `other`: the vendor's word is not one we know; see `rawReason`.
 */
export type FinishReason = 'stop' | 'length' | 'tool-calls' | 'content-filter' | 'other'

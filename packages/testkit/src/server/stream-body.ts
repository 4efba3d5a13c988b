/** How a {@link streamBody} ends: whole, by a cut connection, or never. */
export type StreamEnding = 'end' | 'cut' | 'stall'

/**
 * A response body that goes out piece by piece, each one a chunk of its own. After the last it ends
 * (`end`), breaks, so that the client sees the connection cut (`cut`), or stays silent until the
 * client leaves (`stall`).
 */
export function streamBody(
  pieces: readonly (string | Uint8Array)[],
  ending: StreamEnding = 'end',
): ReadableStream<Uint8Array> {
  const encoder = new TextEncoder()
  let next = 0
  return new ReadableStream<Uint8Array>(
    {
      async pull(controller) {
        const piece = pieces[next++]
        if (piece !== undefined) {
          controller.enqueue(typeof piece === 'string' ? encoder.encode(piece) : piece)
          return
        }
        if (ending === 'end') controller.close()
        else if (ending === 'cut') controller.error(new Error('The double cuts the connection here'))
        // A pull that never settles keeps the stream open; cancelling it still works.
        else await new Promise(() => undefined)
      },
    },
    // Nothing is made before it is asked for, so that a cut never overtakes the pieces before it.
    { highWaterMark: 0 },
  )
}

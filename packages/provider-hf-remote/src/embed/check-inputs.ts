import { type EmbedRequest, OpenMuxError } from '@openmux/core'

/** Throws `bad-request`, field `inputs`, when there is nothing to embed. */
export function checkInputs({ inputs, model }: EmbedRequest, provider: string): void {
  if (inputs.length > 0) return
  throw new OpenMuxError({
    code: 'bad-request',
    provider,
    model,
    field: 'inputs',
    message: '`inputs` must hold at least one text.',
  })
}

import type { Message, Provider } from '@openmux/core'
import { type ContractCase, check, inScenario, skipped } from '../cases.js'
import type { ContractOptions } from '../options.js'
import { within } from '../patience.js'
import type { Trial } from '../trial.js'
import { demand } from '../violation.js'
import { demandUnsupported } from './common.js'

/** A PNG of one transparent pixel. */
const PIXEL =
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNkYPhfDwAChwGA60e6kgAAAABJRU5ErkJggg=='

const WITH_IMAGE: readonly Message[] = [
  {
    role: 'user',
    content: [
      { type: 'text', text: 'What is in this image?' },
      { type: 'image', mediaType: 'image/png', base64: PIXEL },
    ],
  },
]

/** Images in user messages. */
export function visionCases(declared: Provider, options: ContractOptions): readonly ContractCase[] {
  if (declared.chat === undefined) return [skipped('images', 'the provider has no `chat`')]
  const parts = check('text parts of a message are joined in order', async (trial) => {
    const upstream = trial.options.upstream
    const seen = upstream?.requests().length ?? 0
    const content = [
      { type: 'text' as const, text: 'part-one ' },
      { type: 'text' as const, text: 'part-two' },
    ]
    await trial.ask({ messages: [{ role: 'user', content }] })
    if (upstream === undefined) return
    const sent = upstream
      .requests()
      .slice(seen)
      .map((request) => request.body)
      .join('\n')
    const first = sent.indexOf('part-one')
    demand(
      first !== -1 && sent.indexOf('part-two') > first,
      'the two text parts did not reach the upstream in order',
    )
  })
  if (!declared.supports.vision) {
    return [
      parts,
      check('images are not declared: a message with one is refused with `unsupported`', async (trial) => {
        await demandUnsupported(trial, { messages: WITH_IMAGE }, 'vision')
      }),
    ]
  }
  return [
    parts,
    check('an image is taken and its bytes reach the model', async (trial) => {
      const upstream = trial.options.upstream
      const seen = upstream?.requests().length ?? 0
      const model = await visionModel(trial)
      await trial.ask({ messages: WITH_IMAGE, ...(model === undefined ? {} : { model }) })
      if (upstream === undefined) return
      const sent = upstream
        .requests()
        .slice(seen)
        .some((request) => request.body.includes(PIXEL))
      demand(sent, "the image's bytes never reached the upstream")
    }),
    inScenario(
      options,
      'textModelOnly',
      'an image for a model that sees only text is refused with `unsupported`',
      async (trial, state) => {
        const request = await trial.chatRequest({
          messages: WITH_IMAGE,
          ...(state.model === undefined ? {} : { model: state.model }),
        })
        const { error } = await trial.failedChat(request)
        demand(
          error.code === 'unsupported',
          `an image for a text model must be \`unsupported\`, it was \`${error.code}\``,
        )
      },
    ),
  ]
}

/** A model whose card says it sees, else the usual one. */
async function visionModel(trial: Trial): Promise<string | undefined> {
  const cards = await within(trial.patienceMs, 'models()', trial.provider.models(trial.watch().context))
  return cards.find((card) => card.supports?.vision === true)?.id ?? trial.options.chatModel
}

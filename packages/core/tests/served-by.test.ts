import { expect, it } from 'vitest'
import { createOpenMux } from '../src/index.js'
import { scripted, STOP, text } from './support/scripted-provider.js'

const passesOn = () =>
  scripted('exchange', {
    answers: [[{ type: 'start', model: 'model-1', servedBy: 'A farm', warnings: [] }, text('ok'), STOP]],
  })

it('who computed an answer behind a provider is on its start and on its result', async () => {
  const openmux = createOpenMux({ providers: [passesOn()] })
  const stream = openmux.stream('Hi')
  const events = []
  for await (const event of stream) events.push(event)
  expect(events[0]).toMatchObject({ type: 'start', provider: 'exchange', servedBy: 'A farm' })
  expect(await stream.result()).toMatchObject({ provider: 'exchange', servedBy: 'A farm', warnings: [] })
  expect(await openmux.chat('Hi')).toMatchObject({ servedBy: 'A farm' })
})

it('where nobody says so, nothing is said', async () => {
  expect(await createOpenMux({ providers: [scripted('own')] }).chat('Hi')).not.toHaveProperty('servedBy')
})

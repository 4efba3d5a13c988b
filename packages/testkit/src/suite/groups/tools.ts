import type { Message, Provider, Tool } from '@openmux/core'
import { type ContractCase, check, skipped, told } from '../cases.js'
import type { ContractOptions } from '../options.js'
import { demand, show } from '../violation.js'
import { demandUnsupported } from './common.js'

const WEATHER: Tool = {
  name: 'get_weather',
  description: 'The weather of a city now.',
  parameters: {
    type: 'object',
    properties: { city: { type: 'string' }, days: { type: 'integer' } },
    required: ['city'],
  },
}

/** With quotes, a character above the basic plane and a nested value: what naive joining breaks. */
const CALL = { name: WEATHER.name, argumentsText: JSON.stringify({ city: 'Zürich "Nord" 🏔', days: 2 }) }

const AFTER_CALL: readonly Message[] = [
  { role: 'user', content: 'How is the weather in Zürich?' },
  {
    role: 'assistant',
    content: '',
    toolCalls: [{ id: 'call_1', name: WEATHER.name, arguments: '{"city":"Zürich"}' }],
  },
  {
    role: 'tool',
    toolCallId: 'call_1',
    toolName: WEATHER.name,
    content: '{"celsius":7,"marker":"snowfall-4711"}',
  },
]

/** Tool definitions, calls and results. */
export function toolsCases(declared: Provider, options: ContractOptions): readonly ContractCase[] {
  if (declared.chat === undefined) return [skipped('tools', 'the provider has no `chat`')]
  if (!declared.supports.tools) {
    return [
      check('tools are not declared: a request with tools is refused with `unsupported`', async (trial) => {
        await demandUnsupported(trial, { tools: [WEATHER] }, 'tools')
      }),
    ]
  }
  const callsTool = options.scenarios?.callsTool
  return [
    told(
      callsTool,
      'callsTool',
      CALL,
      'a call comes with id, name and arguments that join to the same JSON',
      async (trial, state) => {
        const answer = await trial.ask({
          tools: [WEATHER],
          ...(state.model === undefined ? {} : { model: state.model }),
        })
        const [call] = answer.toolCalls
        demand(call !== undefined, 'the model called a tool, but no `tool-call` event came')
        demand(
          call.name === CALL.name,
          () => `the model called ${show(CALL.name)}, the event says ${show(call.name)}`,
        )
        const same = JSON.stringify(JSON.parse(call.arguments)) === CALL.argumentsText
        demand(
          same,
          () => `the arguments were ${CALL.argumentsText}, the pieces join to ${show(call.arguments)}`,
        )
        demand(
          answer.finish?.reason === 'tool-calls',
          () => `the finish reason must be \`tool-calls\`, it was ${show(answer.finish)}`,
        )
      },
    ),
    told(
      callsTool,
      'callsTool',
      CALL,
      'two answers never give the same id to two calls',
      async (trial, state) => {
        const ask = { tools: [WEATHER], ...(state.model === undefined ? {} : { model: state.model }) }
        const first = await trial.ask(ask)
        if (typeof callsTool === 'function') await trial.arrange(() => callsTool(CALL))
        const second = await trial.ask(ask)
        const ids = [...first.toolCalls, ...second.toolCalls].map((call) => call.id)
        demand(
          new Set(ids).size === ids.length,
          () => `two calls share an id, their results would be mixed up: ${show(ids)}`,
        )
      },
    ),
    check('an answer without a call is fine too', async (trial) => {
      const answer = await trial.ask({ tools: [WEATHER], toolChoice: 'auto' })
      demand(answer.text !== '' || answer.toolCalls.length > 0, 'the answer has neither text nor a call')
    }),
    check('definitions and results reach the model', async (trial) => {
      const upstream = trial.options.upstream
      const seen = upstream?.requests().length ?? 0
      await trial.ask({ tools: [WEATHER], messages: AFTER_CALL })
      if (upstream === undefined) return
      const sent = upstream
        .requests()
        .slice(seen)
        .map((request) => request.body)
        .join('\n')
      demand(sent.includes(WEATHER.description ?? ''), "the tool's description never reached the upstream")
      demand(sent.includes('snowfall-4711'), "the tool's result never reached the upstream")
    }),
  ]
}

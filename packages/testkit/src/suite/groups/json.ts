import type { ChatRequest, Provider } from '@openmux/core'
import { type ContractCase, check, inScenario, skipped } from '../cases.js'
import type { ContractOptions } from '../options.js'
import { demand, show } from '../violation.js'
import { demandUnsupported } from './common.js'

const JSON_ANSWER: Partial<ChatRequest> = {
  messages: [{ role: 'user', content: 'Give me a JSON object that describes the sea.' }],
  responseFormat: { type: 'json' },
}

const SCHEMA_ANSWER: Partial<ChatRequest> = {
  ...JSON_ANSWER,
  responseFormat: {
    type: 'json-schema',
    name: 'sea',
    schema: {
      type: 'object',
      properties: { depthOfSeaInMetres: { type: 'number' } },
      required: ['depthOfSeaInMetres'],
    },
  },
}

/** Answers that must be JSON. */
export function jsonCases(declared: Provider, options: ContractOptions): readonly ContractCase[] {
  if (declared.chat === undefined) return [skipped('JSON', 'the provider has no `chat`')]
  const { json, jsonSchema } = declared.supports
  return [
    json
      ? inScenario(options, 'answersJson', 'an answer asked for as JSON is JSON', async (trial, state) => {
          const { text } = await trial.ask({
            ...JSON_ANSWER,
            ...(state.model === undefined ? {} : { model: state.model }),
          })
          demand(parses(text), () => `the answer is not JSON: ${show(text)}`)
        })
      : check('JSON is not declared: a request for it is refused with `unsupported`', async (trial) => {
          await demandUnsupported(trial, JSON_ANSWER, 'json')
        }),
    jsonSchema
      ? inScenario(
          options,
          'answersJson',
          'an answer under a schema is JSON, and the schema reached the model',
          async (trial, state) => {
            const upstream = trial.options.upstream
            const seen = upstream?.requests().length ?? 0
            const { text } = await trial.ask({
              ...SCHEMA_ANSWER,
              ...(state.model === undefined ? {} : { model: state.model }),
            })
            demand(parses(text), () => `the answer is not JSON: ${show(text)}`)
            if (upstream === undefined) return
            const sent = upstream
              .requests()
              .slice(seen)
              .some((request) => request.body.includes('depthOfSeaInMetres'))
            demand(sent, 'the schema never reached the upstream')
          },
        )
      : check(
          'a JSON Schema is not declared: a request with one is refused with `unsupported`',
          async (trial) => {
            await demandUnsupported(trial, SCHEMA_ANSWER, 'jsonSchema')
          },
        ),
  ]
}

function parses(text: string): boolean {
  try {
    JSON.parse(text)
    return true
  } catch {
    return false
  }
}

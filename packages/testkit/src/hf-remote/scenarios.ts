import { openaiScenarios } from '../openai/scenarios.js'
import type { ContractScenarios } from '../suite/scenarios.js'
import { hfError } from './error-corpus.js'
import type { HfEndpointDouble } from './endpoint-double.js'
import type { HfErrorFixture } from './fixture.js'
import type { HfDouble } from './hf-double.js'

const PAGE: HfErrorFixture = {
  name: 'a web page in place of an answer',
  surface: 'router',
  source: 'a login page of a network in between',
  mark: 'uncertain',
  status: 200,
  headers: { 'content-type': 'text/html' },
  body: '<!DOCTYPE html><html><head><title>Sign in</title></head></html>',
  expected: { code: 'bad-response', scope: 'endpoint' },
}

/** The states of the contract suite, made by the double of router and hub; all but `serverDown`. */
export function hfScenarios(double: HfDouble): Omit<ContractScenarios, 'serverDown'> {
  const both = (fixture: HfErrorFixture) => (): void => {
    double.refuse('chat', fixture)
    double.refuse('embeddings', fixture)
  }
  return {
    ...openaiScenarios(double.chat),
    neverAnswers() {
      double.silence('chat')
      double.silence('embeddings')
    },
    garbledAnswer: both(PAGE),
    tooFewVectors: () => double.nesting('fewer'),
    badKey: both(hfError('401 bad token, quoted')),
    rateLimited: both(hfError('429 with Retry-After')),
    overloaded: both(hfError('503 overloaded')),
    tooLongPrompt: both(hfError('400 prompt too long at a partner')),
  }
}

/** The same for a dedicated endpoint. */
export function hfEndpointScenarios(double: HfEndpointDouble): Omit<ContractScenarios, 'serverDown'> {
  const refused = (fixture: HfErrorFixture) => (): void => double.refuse(fixture)
  return {
    ...openaiScenarios(double.chat),
    neverAnswers: () => double.silence(),
    garbledAnswer: refused(PAGE),
    tooFewVectors: () => double.dropVector(),
    badKey: refused(hfError('401 bad token, quoted')),
    rateLimited: refused(hfError('429 with Retry-After')),
    overloaded: refused(hfError('TEI: 424 back end')),
    tooLongPrompt: refused(hfError('TGI: 422 too many tokens')),
  }
}

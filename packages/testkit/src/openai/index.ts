export type { ChatAnswer, ChatScript, ScriptPiece } from './chat-script.js'
export {
  type ExpectedAnswer,
  type ExpectedFailure,
  type FixtureMark,
  isFailure,
  type OpenAIFixture,
} from './fixture.js'
export { fixtureBytes, type Packets } from './fixture-response.js'
export { OPENAI_FIXTURES } from './fixtures/all.js'
export type { LastAssistant } from './last-assistant.js'
export {
  OPENAI_DOUBLE_MODELS,
  type OpenAIDouble,
  openaiDouble,
  type OpenAIDoubleModel,
  type OpenAIDoubleOptions,
  type OpenAIPath,
} from './openai-double.js'
export { openaiFixture, openaiScenarios } from './scenarios.js'

/** What a scenario tells the suite beside the state it made. */
export interface ScenarioState {
  /** Model to ask, when not the usual one. */
  readonly model?: string
  /** User message to send, when not the usual one. */
  readonly prompt?: string
  /** Puts the double back; run after the test, also when it failed. */
  restore?(): void | Promise<void>
}

/** Puts the double into a state. Run at the beginning of a test. */
export type Arrange = () => void | ScenarioState | Promise<void | ScenarioState>

/** A scenario, or the reason why this back end can never be in that state. */
export type Scenario = Arrange | { readonly cannotOccur: string }

/** A scenario that is told what the double must answer. */
export type ScriptedScenario<What> =
  | ((what: What) => void | ScenarioState | Promise<void | ScenarioState>)
  | { readonly cannotOccur: string }

/**
 * The states the suite can ask for. Each is either a function that puts the double there, or the
 * reason why it cannot occur; one that is left out shows up as a skipped test that says so.
 */
export interface ContractScenarios {
  // What the double answers.
  /** The next chat answers are exactly these pieces, then a normal end. */
  readonly answersWith?: ScriptedScenario<readonly string[]>
  /** Every chat answer contains the last user message it was sent. */
  readonly echoes?: Scenario
  /** The next chat answer calls this tool. `argumentsText` is JSON. */
  readonly callsTool?: ScriptedScenario<{ readonly name: string; readonly argumentsText: string }>
  /** Answers are JSON when JSON is asked for. */
  readonly answersJson?: Scenario
  /** The next chat answer thinks `reasoning` first and then says `text`. */
  readonly thinks?: ScriptedScenario<{ readonly reasoning: string; readonly text: string }>
  /**
   * Chats are answered by the model with exactly `whole`; handed a beginning of it the way the back end wants it
   * handed, with exactly the rest. It depends on the request that arrives which of the two comes.
   */
  readonly continues?: ScriptedScenario<{ readonly whole: string }>
  /** `model` of the state has a card with `prefill: false`. */
  readonly deniesPrefill?: Scenario
  /** A conversation that ends with an assistant message is refused, other ones are not. */
  readonly refusesPrefill?: Scenario
  /** The next chat answer ends because the token limit was reached. */
  readonly hitsTokenLimit?: Scenario

  // How an answer breaks.
  /** Some text, then the connection is gone. */
  readonly cutMidStream?: Scenario
  /** Some text, then a clean end of the body without the upstream's end mark. */
  readonly endsWithoutFinish?: Scenario
  /** Some text, then the upstream reports an error inside the stream. */
  readonly errorMidStream?: Scenario
  /** Some text, then nothing until the client leaves. */
  readonly stallsMidStream?: Scenario
  /** Nothing at all, not even headers, until the client leaves. For chat and embeddings. */
  readonly neverAnswers?: Scenario
  /** A success with a normal end and no content. */
  readonly emptyAnswer?: Scenario
  /** A success whose body is not what the protocol promises (HTML, half a JSON). For chat and embeddings. */
  readonly garbledAnswer?: Scenario
  /** A success whose whole body is an error of the upstream. For chat and embeddings. */
  readonly errorInSuccess?: Scenario
  /** A success without a body. For chat and embeddings. */
  readonly nothingAtAll?: Scenario
  /** A success that states a size no provider takes. For chat and embeddings. */
  readonly giganticAnswer?: Scenario
  /** A success whose body has no end and no meaning. For chat, or embeddings where there is no chat. */
  readonly endlessAnswer?: Scenario
  /** Fewer vectors than texts. */
  readonly tooFewVectors?: Scenario

  // How a request is refused.
  /** Nothing listens at the address (for in-process back ends: the runtime is missing). */
  readonly serverDown?: Scenario
  /** The key is refused. Best with an answer that quotes the key, as some servers do. */
  readonly badKey?: Scenario
  readonly rateLimited?: Scenario
  /** Refused by a limit that ends after so many seconds, and says so. For chat and embeddings. */
  readonly rateLimitedFor?: ScriptedScenario<{ readonly seconds: number }>
  /** Refused because the account has no money left. For chat and embeddings. */
  readonly noCredits?: Scenario
  /** Answered with a redirect (307) to this address on another host. For chat and embeddings. */
  readonly redirects?: ScriptedScenario<{ readonly location: string }>
  /** 500, 503, out of memory. */
  readonly overloaded?: Scenario
  /** The prompt is longer than the model's window; the state may bring the prompt to send. */
  readonly tooLongPrompt?: Scenario
  /** `model` of the state (default: the usual one) cannot see images. */
  readonly textModelOnly?: Scenario

  // What is listed.
  /** The upstream lists at least one model that costs something, with its price. */
  readonly listsPrices?: Scenario
  /** The upstream answers the question for its models with a web page. */
  readonly garbledList?: Scenario
}

/** The name of a scenario. */
export type ScenarioName = keyof ContractScenarios

import type { Arrange, ContractScenarios, Scenario, ScenarioState, ScriptedScenario } from './scenarios.js'
import type { Trial } from './trial.js'
import type { ContractOptions } from './options.js'

/** One test of the suite. With `skip` it does not apply, for the reason given. */
export interface ContractCase {
  readonly name: string
  readonly skip?: string
  run(trial: Trial): Promise<void>
}

/** A test. */
export function check(name: string, run: (trial: Trial) => Promise<void>): ContractCase {
  return { name, run }
}

/** A test that does not apply. */
export function skipped(name: string, reason: string): ContractCase {
  return { name, skip: reason, run: async () => undefined }
}

type Named<Kind> = {
  [Name in keyof ContractScenarios]-?: NonNullable<ContractScenarios[Name]> extends Kind ? Name : never
}[keyof ContractScenarios]

/** Scenarios that are told nothing. */
export type PlainScenarioName = Named<Scenario>

/** A test in the state that a scenario makes; without the scenario, a skip that says why. */
export function inScenario(
  options: ContractOptions,
  scenario: PlainScenarioName,
  name: string,
  run: (trial: Trial, state: ScenarioState) => Promise<void>,
): ContractCase {
  const made = options.scenarios?.[scenario]
  if (typeof made === 'function') return check(name, async (trial) => run(trial, await trial.arrange(made)))
  return skipped(name, reasonWithout(scenario, made))
}

/** A test in the state that a scenario makes when told `what`. */
export function told<What>(
  scenario: ScriptedScenario<What> | undefined,
  scenarioName: keyof ContractScenarios,
  what: What,
  name: string,
  run: (trial: Trial, state: ScenarioState) => Promise<void>,
): ContractCase {
  if (typeof scenario === 'function') {
    return check(name, async (trial) => run(trial, await trial.arrange(() => scenario(what))))
  }
  return skipped(name, reasonWithout(scenarioName, scenario))
}

function reasonWithout(
  scenario: keyof ContractScenarios,
  made: Exclude<Scenario, Arrange> | undefined,
): string {
  return made === undefined ? `no scenario \`${scenario}\` was given` : made.cannotOccur
}

import { nxScript } from '../setup/run-nx.mjs'
import { check } from './check-step.ts'
import type { Outcome } from './outcome.ts'

/** Runs a target of all projects, or of some and of what they need for it. */
export function nxStep(target: string, projects: readonly string[] = []): Promise<Outcome> {
  const some = projects.length === 0 ? [] : [`--projects=${projects.join(',')}`]
  const args = ['run-many', `--targets=${target}`, '--nxBail=false', '--outputStyle=static-failures-only']
  return check(target, [nxScript(), ...args, ...some])
}

import { readFile } from 'node:fs/promises'
import { resolve } from 'node:path'
import {
  isOpenMuxError,
  OpenMuxError,
  type ProbeCheck,
  type Provider,
  redact,
  systemClock,
} from '@openmux/core'
import { chooseProviders } from '../probe/choose-providers.js'
import { compareReports } from '../probe/compare.js'
import { judge } from '../probe/judge.js'
import { exitCodeOfProbe } from '../probe/opinion-exit-code.js'
import { packageVersions } from '../probe/package-versions.js'
import { readReport } from '../probe/read-report.js'
import type { ProbedProvider, ProbeReport } from '../probe/report.js'
import type { CreatedProviders } from '../providers/create-providers.js'
import { packageOf } from '../providers/registry.js'
import type { Command, CommandContext } from './context.js'
import { printReport } from './print-report.js'
import { limitedCall } from './limited-call.js'

/** `openmux probe`: compares back ends with what their packages believe. Exit code 6 when they differ. */
export const command: Command = async (context) => {
  const { options, activity, words } = context
  // Before anything is asked: a wrong file should not cost a probe.
  const earlier =
    options.compare === undefined ? undefined : await earlierReport(options.compare, context.io.cwd)
  const created = await context.created()
  const chosen = chooseProviders(words, created.providers)
  activity.wait(options.spend === true ? 'probing, and trying tiny answers' : 'probing, nothing is generated')
  const report = await makeReport(chosen, created, context)
  activity.clear()
  const judgement = judge(report)
  await printReport(context, report, judgement, earlier && compareReports(earlier, report))
  return exitCodeOfProbe(report, judgement)
}

async function earlierReport(file: string, cwd: string): Promise<ProbeReport> {
  const path = resolve(cwd, file)
  const text = await readFile(path, 'utf8').catch(() => {
    throw new OpenMuxError({
      code: 'bad-request',
      field: '--compare',
      message: `${path} cannot be read.`,
      hint: 'Give a file that `openmux probe --json` has written.',
    })
  })
  return readReport(text, path)
}

async function makeReport(
  chosen: readonly Provider[],
  created: CreatedProviders,
  context: CommandContext,
): Promise<ProbeReport> {
  const date = new Date(systemClock.now()).toISOString()
  const providers = await Promise.all(chosen.map((provider) => probeOne(provider, created, context)))
  return {
    version: 1,
    date,
    spend: context.options.spend === true,
    packages: packageVersions(providers.flatMap((provider) => provider.package ?? [])),
    providers,
  }
}

async function probeOne(
  provider: Provider,
  created: CreatedProviders,
  context: CommandContext,
): Promise<ProbedProvider> {
  const real = (await created.withoutKey?.(provider.id)) ?? provider
  const packageName = packageOf(provider.id)
  const about = {
    id: provider.id,
    name: provider.name,
    ...(packageName === undefined ? {} : { package: packageName }),
    lifecycle: real.lifecycle,
  }
  const skipped = (reason: string): ProbedProvider => ({ ...about, checks: [], skipped: reason })
  try {
    if (context.settings.configuration.offline === true && real.locality === 'remote')
      return skipped('nothing may leave this machine (offline)')
    const checks = await probeChecks(real, context)
    if (checks !== undefined) return { ...about, checks }
    // A stand-in says why it is one.
    const readiness = await limitedCall(context, (call) => real.ready(call))
    return skipped(
      readiness.ready ? 'this provider cannot probe its back end' : withoutFullStop(readiness.reason),
    )
  } catch (error) {
    if (isOpenMuxError(error) && ['aborted', 'timeout'].includes(error.code)) throw error
    // The contract forbids it; the others are to be heard all the same.
    const message = error instanceof Error ? error.message : String(error)
    return skipped(withoutFullStop(redact(`its probe failed: ${message}`)))
  } finally {
    if (real !== provider) await real.close()
  }
}

async function probeChecks(
  provider: Provider,
  context: CommandContext,
): Promise<readonly ProbeCheck[] | undefined> {
  const { probe } = provider
  if (probe === undefined) return undefined
  return limitedCall(context, (call) => probe({ spend: context.options.spend === true }, call))
}

function withoutFullStop(sentence: string): string {
  return sentence.replace(/\.$/, '')
}

import { mkdirSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import type { Reporter, TestModule, Vitest } from 'vitest/node'
import { skipKey, type SkipReasons } from './vitest-report.ts'

export const SKIP_REASONS_FILE = join('.vitest', 'skip-reasons.json')

/** A vitest reporter that keeps what its JSON report leaves out: why a test was skipped. */
export default class SkipReasonsReporter implements Reporter {
  #root = process.cwd()

  onInit(vitest: Vitest): void {
    this.#root = vitest.config.root
  }

  onTestRunEnd(modules: readonly TestModule[]): void {
    const reasons: SkipReasons = {}
    for (const module of modules) {
      for (const test of module.children.allTests('skipped')) {
        const result = test.result()
        if (result.state !== 'skipped' || result.note === undefined) continue
        // The JSON report joins titles by a space.
        const fullName = [...titlesAbove(test), test.name].join(' ')
        reasons[skipKey(module.moduleId, fullName)] = result.note
      }
    }
    const file = join(this.#root, SKIP_REASONS_FILE)
    mkdirSync(dirname(file), { recursive: true })
    writeFileSync(file, JSON.stringify(reasons))
  }
}

interface Placed {
  readonly parent: { readonly type: string; readonly name?: string }
}

function titlesAbove(test: Placed): string[] {
  const titles: string[] = []
  for (let parent = test.parent; parent.type === 'suite'; parent = (parent as unknown as Placed).parent) {
    titles.unshift(parent.name ?? '')
  }
  return titles
}

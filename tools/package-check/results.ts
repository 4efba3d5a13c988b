import { mkdirSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'
import type { Outcome } from '../test/outcome.ts'

/** What is wrong, one line each; nothing when a check passed. */
export type Problems = readonly string[]

/** Collects the checks and prints each as one line as it ends. */
export class Results {
  #passed = 0
  readonly #failures: string[] = []

  async check(name: string, find: () => Problems | Promise<Problems>): Promise<boolean> {
    const problems = await found(find)
    if (problems.length === 0) {
      this.#passed++
      console.log(`✓ ${name}`)
      return true
    }
    const line = `${name}: ${problems.join('; ').replace(/\s*\n\s*/g, ' | ')}`
    this.#failures.push(`package check: ${line}`)
    console.log(`✗ ${line}`)
    return false
  }

  get outcome(): Outcome {
    return { passed: this.#passed, failures: this.#failures, skips: [] }
  }

  writeTo(file: string): void {
    mkdirSync(dirname(file), { recursive: true })
    writeFileSync(file, JSON.stringify(this.outcome))
  }
}

async function found(find: () => Problems | Promise<Problems>): Promise<Problems> {
  try {
    return await find()
  } catch (error) {
    return [error instanceof Error ? error.message : String(error)]
  }
}

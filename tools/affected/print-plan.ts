import type { Plan } from './plan.ts'

const SHOWN_REASONS = 5

export function printPlan({ since, files, projects, lint, tools }: Plan, base: string): void {
  console.log(`${count(files.length, 'file')} changed since ${base} (${since.slice(0, 10)})`)
  if (projects.length === 0) console.log('no project is reached')
  for (const { name, targets, reasons } of projects) {
    console.log(`${name}: ${targets.join(', ')}`)
    for (const reason of reasons.slice(0, SHOWN_REASONS)) console.log(`  because of ${reason}`)
    if (reasons.length > SHOWN_REASONS) console.log(`  and of ${reasons.length - SHOWN_REASONS} more`)
  }
  if (tools) console.log('tools/: types and tests, because scripts there or the settings have changed')
  console.log(`lint: ${lint.length === 0 ? 'nothing' : lint.includes('.') ? 'everything' : lint.join(', ')}`)
}

function count(number: number, what: string): string {
  return `${number} ${what}${number === 1 ? '' : 's'}`
}

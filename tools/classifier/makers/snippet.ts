import type { Random } from '../random.ts'
import { braces } from './braces.ts'
import { others } from './others.ts'
import { python } from './python.ts'
import { script } from './script.ts'

export const LANGUAGES = [
  python,
  python,
  python,
  script,
  script,
  script,
  braces,
  braces,
  braces,
  others,
  others,
] as const

export function snippet(random: Random): string {
  const lines = random.pick(LANGUAGES)
  const parts = Array.from({ length: 1 + random.below(3) }, () => lines(random).join('\n'))
  return parts.join(random.chance(0.3) ? '\n\n' : '\n')
}

export const FENCES = [
  '',
  '',
  'python',
  'py',
  'js',
  'javascript',
  'typescript',
  'ts',
  'java',
  'c',
  'cpp',
  'go',
  'rust',
  'ruby',
  'php',
  'html',
  'css',
  'bash',
  'sh',
  'sql',
  'json',
  'yaml',
  'csharp',
  'kotlin',
  'swift',
  'jsx',
]

import { readFileSync } from 'node:fs'
import { parseSync, Visitor } from 'oxc-parser'

/** How a module is named: `types` vanish when built, `lazy` ones load when they are needed. */
export type ImportKind = 'static' | 'types' | 'lazy'

export interface FoundImport {
  readonly specifier: string
  readonly kind: ImportKind
  readonly line: number
}

/** A word in the code itself: an identifier or a piece of a string. Comments are none. */
export interface FoundWord {
  readonly text: string
  readonly line: number
}

export interface ParsedFile {
  readonly imports: readonly FoundImport[]
  readonly words: readonly FoundWord[]
  readonly errors: readonly string[]
}

/** Methods of vitest, `require` and `import.meta` whose first argument names a module. */
const LOADERS = new Set(['mock', 'doMock', 'unmock', 'importActual', 'importMock', 'resolve'])

export function parseFile(path: string): ParsedFile {
  const text = readFileSync(path, 'utf8')
  const { program, errors } = parseSync(path, text)
  const imports: FoundImport[] = []
  const words: FoundWord[] = []
  const lineOf = (start: number): number => text.slice(0, start).split('\n').length
  const add = (source: unknown, kind: ImportKind): void => {
    const found = literalText(source)
    if (found !== undefined) imports.push({ specifier: found.text, kind, line: lineOf(found.start) })
  }

  new Visitor({
    ImportDeclaration: (node) => add(node.source, node.importKind === 'type' ? 'types' : 'static'),
    ExportAllDeclaration: (node) => add(node.source, node.exportKind === 'type' ? 'types' : 'static'),
    ExportNamedDeclaration: (node) => add(node.source, node.exportKind === 'type' ? 'types' : 'static'),
    ImportExpression: (node) => add(node.source, 'lazy'),
    TSImportType: (node) => add(node.source, 'types'),
    CallExpression: ({ callee, arguments: [first] }) => {
      if (callee.type === 'Identifier' && callee.name === 'require') add(first, 'lazy')
      if (callee.type !== 'MemberExpression' || callee.property.type !== 'Identifier') return
      if (isModuleApi(callee.object) && LOADERS.has(callee.property.name)) add(first, 'lazy')
    },
    NewExpression: (node) => {
      // `new URL('./worker.js', import.meta.url)` names a file beside this one.
      const [file, base] = node.arguments
      if (
        base !== undefined &&
        /^import\.meta\.(?:url|filename|dirname)$/.test(text.slice(base.start, base.end))
      ) {
        const found = literalText(file)
        if (found?.text.startsWith('.')) add(file, 'lazy')
      }
    },
    Identifier: (node) => void words.push({ text: node.name, line: lineOf(node.start) }),
    PrivateIdentifier: (node) => void words.push({ text: node.name, line: lineOf(node.start) }),
    TemplateElement: (node) => void words.push({ text: node.value.raw, line: lineOf(node.start) }),
    Literal: (node) => {
      if (typeof node.value === 'string') words.push({ text: node.value, line: lineOf(node.start) })
    },
  }).visit(program)
  return { imports, words, errors: errors.map(({ message }) => message) }
}

function isModuleApi(object: { readonly type: string; readonly name?: unknown }): boolean {
  return object.type === 'MetaProperty' || object.name === 'vi' || object.name === 'require'
}

function literalText(node: unknown): { text: string; start: number } | undefined {
  if (node === null || typeof node !== 'object' || !('type' in node) || !('start' in node)) return undefined
  const start = Number(node.start)
  if (node.type === 'Literal' && 'value' in node && typeof node.value === 'string') {
    return { text: node.value, start }
  }
  if (
    node.type === 'TemplateLiteral' &&
    'quasis' in node &&
    Array.isArray(node.quasis) &&
    node.quasis.length === 1
  ) {
    const [quasi] = node.quasis as [{ value: { raw: string } }]
    return { text: quasi.value.raw, start }
  }
  return undefined
}

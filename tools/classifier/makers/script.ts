import type { Lines } from './lines.ts'
import { atom, camel, cap, expression, letter, name, string, word } from './names.ts'

/** Lines of JavaScript, TypeScript and what is built on them. */
export const script: Lines = (random) => {
  const n = (): string => name(random)
  const e = (): string => expression(random)
  const end = random.chance(0.6) ? ';' : ''
  return random.pick<() => string[]>([
    () => [`const ${n()} = ${e()}${end}`, `console.log(${n()})${end}`],
    () => [`let ${n()} = ${e()}${end}`],
    () => [`var ${n()} = ${e()};`],
    () => [`function ${camel(random)}(${word(random)}, ${letter(random)}) {`, `  return ${e()}${end}`, '}'],
    () => [`const ${camel(random)} = (${word(random)}) => ${e()}${end}`],
    () => [
      `async function ${camel(random)}() {`,
      `  const ${word(random)} = await ${camel(random)}(${string(random)})${end}`,
      `  return ${word(random)}.${word(random)}${end}`,
      '}',
    ],
    () => [`${n()}.map(${letter(random)} => ${e()})${end}`],
    () => [
      `${n()}.filter((${letter(random)}) => ${e()}).forEach(${letter(random)} => ${camel(random)}(${letter(random)}))${end}`,
    ],
    () => [`for (let i = 0; i < ${n()}.length; i++) {`, `  ${n()}[i] = ${e()}${end}`, '}'],
    () => [
      `if (${e()}) {`,
      `  throw new ${random.pick(['Error', 'TypeError'])}(${string(random)})${end}`,
      '}',
    ],
    () => [
      `import { ${camel(random)} } from '${random.pick(['./', '@/', 'react', 'node:'])}${word(random)}'${end}`,
    ],
    () => [
      `export default function ${cap(word(random))}() {`,
      `  const [${word(random)}, set${cap(word(random))}] = useState(${atom(random)})${end}`,
      `  return <div className="${word(random)}">{${word(random)}}</div>${end}`,
      '}',
    ],
    () => [
      'useEffect(() => {',
      `  ${camel(random)}(${n()})${end}`,
      `}, [${random.chance(0.5) ? n() : ''}])${end}`,
    ],
    () => [`document.getElementById(${string(random)}).addEventListener('click', () => ${e()})${end}`],
    () => [
      `fetch(${string(random)}).then(res => res.json()).then(${word(random)} => console.log(${word(random)}))${end}`,
    ],
    () => [
      `app.${random.pick(['get', 'post', 'use'])}('/${word(random)}', (req, res) => {`,
      `  res.json(${e()})${end}`,
      `})${end}`,
    ],
    () => [
      `interface ${cap(word(random))} {`,
      `  ${word(random)}: ${random.pick(['string', 'number', 'boolean'])}`,
      `  ${word(random)}?: string[]`,
      '}',
    ],
    () => [
      `type ${cap(word(random))} = ${random.pick(['Record<string, number>', 'string | null', 'Partial<User>', 'keyof Item'])}`,
    ],
    () => [
      `switch (${n()}) {`,
      `  case ${atom(random)}:`,
      `    ${camel(random)}()${end}`,
      `    break${end}`,
      '}',
    ],
    () => [`while (${e()}) {`, `  ${n()}++${end}`, '}'],
  ])()
}

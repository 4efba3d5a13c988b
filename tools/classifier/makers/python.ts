import type { Lines } from './lines.ts'
import { ERRORS, atom, cap, expression, letter, number, snake, string, word } from './names.ts'

/** Lines of Python. */
export const python: Lines = (random) => {
  const n = (): string => (random.chance(0.6) ? snake(random) : word(random))
  const e = (): string =>
    expression(random).replaceAll('&&', 'and').replaceAll('||', 'or').replaceAll('new ', '')
  return random.pick<() => string[]>([
    () => [
      `def ${n()}(${word(random)}, ${letter(random)}=${atom(random)}):`,
      `    ${word(random)} = ${e()}`,
      `    return ${e()}`,
    ],
    () => [
      `for ${letter(random)} in range(${number(random)}):`,
      `    ${random.pick(['print', n()])}(${e()})`,
    ],
    () => [`for ${letter(random)}, ${letter(random)} in enumerate(${n()}):`, `    ${n()}.append(${e()})`],
    () => [
      `class ${cap(word(random))}:`,
      `    def __init__(self, ${word(random)}):`,
      `        self.${word(random)} = ${word(random)}`,
    ],
    () => [
      `import ${random.pick(['os', 'sys', 'json', 'numpy as np', 'pandas as pd', 're', 'requests', 'random'])}`,
      `${word(random)} = ${e()}`,
      `print(${word(random)})`,
    ],
    () => [
      `from ${random.pick(['collections', 'typing', 'flask', 'django.db', 'datetime'])} import ${cap(word(random))}`,
      `${word(random)} = ${cap(word(random))}()`,
    ],
    () => [`with open(${string(random)}) as f:`, `    ${word(random)} = f.read()`],
    () => [`while ${e()}:`, `    ${letter(random)} += 1`, ...(random.chance(0.4) ? ['    break'] : [])],
    () => ['try:', `    ${n()}(${e()})`, `except ${random.pick(ERRORS)} as e:`, '    print(e)'],
    () => [`${word(random)} = [${letter(random)} for ${letter(random)} in ${n()} if ${e()}]`],
    () => [
      `${word(random)} = {${letter(random)}: ${e()} for ${letter(random)} in ${n()}}`,
      `print(${word(random)})`,
    ],
    () => [`if ${e()}:`, `    return ${e()}`, 'else:', `    raise ${random.pick(ERRORS)}(${string(random)})`],
    () => [
      `df = pd.read_csv(${string(random)})`,
      `df["${word(random)}"].${random.pick(['sum', 'mean', 'head'])}()`,
    ],
    () => [
      `@${word(random)}.${random.pick(['route', 'get', 'fixture'])}(${string(random)})`,
      `async def ${n()}():`,
      `    return await ${n()}(${e()})`,
    ],
    () => [`print(${e()})`],
    () => [`lambda ${letter(random)}: ${e()}`],
  ])()
}

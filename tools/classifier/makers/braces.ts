import type { Lines } from './lines.ts'
import { atom, camel, cap, expression, letter, name, number, operator, snake, word } from './names.ts'

/** Lines of languages with braces: Java, C, C++, C#, Go, Rust, PHP, Kotlin, Swift. */
export const braces: Lines = (random) => {
  const n = (): string => name(random)
  const e = (): string => expression(random)
  const type = (): string =>
    random.pick(['int', 'String', 'double', 'bool', 'float', 'char', 'long', 'var', 'auto'])
  return random.pick<() => string[]>([
    () => [
      `public class ${cap(word(random))} {`,
      `    private ${type()} ${word(random)};`,
      `    public ${type()} ${camel(random)}(${type()} ${letter(random)}) {`,
      `        return ${e()};`,
      '    }',
      '}',
    ],
    () => ['public static void main(String[] args) {', `    System.out.println(${e()});`, '}'],
    () => [`${type()} ${word(random)} = ${e()};`],
    () => [`for (int i = 0; i < ${n()}; i++) { ${n()} += ${n()}[i]; }`],
    () => [
      `#include <${random.pick(['stdio.h', 'iostream', 'vector', 'string', 'stdlib.h', 'map'])}>`,
      `int main() {`,
      `    ${random.pick(['printf("%d\\n", ', 'std::cout << ('])}${e()});`,
      '    return 0;',
      '}',
    ],
    () => [`std::vector<${type()}> ${word(random)};`, `${word(random)}.push_back(${atom(random)});`],
    () => [
      `${type()} *${letter(random)} = malloc(${number(random)} * sizeof(${type()}));`,
      `free(${letter(random)});`,
    ],
    () => [
      `void ${camel(random)}(${type()} *${letter(random)}, int n) {`,
      `    if (${e()}) return;`,
      `    *${letter(random)} = ${e()};`,
      '}',
    ],
    () => [
      `fn ${snake(random)}(${word(random)}: &${random.pick(['str', 'mut Vec<i32>', '[u8]'])}) -> ${random.pick(['i32', 'String', 'Option<usize>', 'Result<(), Error>'])} {`,
      `    let ${random.chance(0.5) ? 'mut ' : ''}${word(random)} = ${e()};`,
      `    ${word(random)}`,
      '}',
    ],
    () => [
      `let ${word(random)}: Vec<${random.pick(['i32', 'String', 'u8'])}> = ${word(random)}.iter().map(|${letter(random)}| ${e()}).collect();`,
    ],
    () => [
      `match ${word(random)} {`,
      `    Some(${letter(random)}) => println!("{}", ${letter(random)}),`,
      `    None => ${random.pick(['panic!("no")', 'return', '0'])},`,
      '}',
    ],
    () => [
      `func ${camel(random)}(${word(random)} string) (${random.pick(['int', 'string', 'error'])}, error) {`,
      `\t${word(random)} := ${e()}`,
      '\tif err != nil {',
      '\t\treturn nil, err',
      '\t}',
      '}',
    ],
    () => ['package main', '', 'import "fmt"', '', 'func main() {', `\tfmt.Println(${e()})`, '}'],
    () => [
      `for _, ${letter(random)} := range ${word(random)} {`,
      `\tgo ${camel(random)}(${letter(random)})`,
      '}',
    ],
    () => [
      `var ${word(random)} = ${word(random)}.Where(${letter(random)} => ${e()}).Select(${letter(random)} => ${letter(random)}.${cap(word(random))}).ToList();`,
    ],
    () => [`Console.WriteLine($"{${word(random)}}: {${e()}}");`],
    () => [
      '<?php',
      `$${word(random)} = ${random.pick(['$_POST', '$_GET'])}['${word(random)}'];`,
      `echo $${word(random)};`,
    ],
    () => [
      `foreach ($${word(random)}s as $${word(random)}) {`,
      `  echo $${word(random)}->${word(random)};`,
      '}',
    ],
    () => [
      `fun ${camel(random)}(${word(random)}: String): ${random.pick(['Int', 'Unit', 'List<String>'])} {`,
      `    val ${word(random)} = ${e()}`,
      `    return ${word(random)}`,
      '}',
    ],
    () => [
      `func ${camel(random)}(_ ${word(random)}: Int) -> String {`,
      `    guard ${e()} else { return "" }`,
      `    return "\\(${word(random)})"`,
      '}',
    ],
    () => ['@Test', `void ${camel(random)}() {`, `    assertEquals(${atom(random)}, ${e()});`, '}'],
    () => [`if (${e()}) { return ${e()}; } else { ${camel(random)}(${atom(random)}); }`],
    () => [`return ${e()} ? ${atom(random)} : ${atom(random)};`],
    () => [`template <typename T> T ${camel(random)}(T a, T b) { return a ${operator(random)} b; }`],
  ])()
}

import type { Makers } from './grammar.ts'
import type { Random } from './random.ts'

/**
 * What code makes in requests of every language: names, numbers, program text, traces, shell lines. All of it is
 * put together from parts that stand here.
 */
const WORDS = 'user item order total count price name data value index result list node key file path line text page cart token score date input output config buffer event row cell point city book player image message email customer account product session level size width color amount'.split(' ')
const VERBS = 'get set load save find make parse read write send check sort merge add remove update render handle fetch compute build count filter print create delete validate open close start'.split(' ')
const TECH = 'Python Python Python JavaScript JavaScript JavaScript Java Java TypeScript TypeScript C C++ C++ C# Go Go Rust Rust Ruby PHP PHP Swift Kotlin Scala Perl Haskell R Dart Lua SQL SQL Bash PowerShell HTML CSS React React Vue Angular Svelte Node Node.js Next.js Django Flask FastAPI Spring Laravel Rails Express jQuery pandas numpy PyTorch TensorFlow Docker Kubernetes Postgres PostgreSQL MySQL SQLite MongoDB Redis GraphQL Elixir Clojure Julia MATLAB VBA Tailwind Bootstrap .NET Unity Godot Flutter Solidity Terraform golang python javascript java php sql OCaml Zig Assembly COBOL Fortran'.split(' ')
const PLACES = 'Paris Rome Berlin Vienna Norway Peru Japan Chile Egypt Lisbon Canada Kenya Madrid Athens Warsaw Mexico Boston London Ireland Brazil Dublin Cuba Nepal Milan Iran Bali Bath Texas Turkey Geneva'.split(' ')
const ERRORS = 'TypeError ValueError KeyError IndexError NameError AttributeError ImportError RuntimeError SyntaxError ReferenceError RangeError NullPointerException IllegalArgumentException IndexOutOfBoundsException IOException FileNotFoundException ArrayIndexOutOfBoundsException ClassCastException StackOverflowError ModuleNotFoundError ZeroDivisionError UnicodeDecodeError ArgumentException FormatException OutOfMemoryError PermissionError ConnectionError AssertionError NoMethodError'.split(' ')
const ENDINGS = 'py js ts tsx java go rs rb php c cpp h cs html css sh sql json yaml yml toml kt swift vue md'.split(' ')
const MESSAGES = ['cannot read properties of undefined', 'division by zero', 'list index out of range', 'invalid literal for int()', 'unexpected token', 'is not a function', 'no such file or directory', 'connection refused', 'expected str, got int', 'object is not iterable', 'null', 'permission denied', 'unsupported operand', 'not found']

const cap = (word: string): string => word.slice(0, 1).toUpperCase() + word.slice(1)
const word = (random: Random): string => random.pick(WORDS)
const camel = (random: Random): string => random.pick(VERBS) + cap(word(random))
const snake = (random: Random): string => `${random.pick(VERBS)}_${word(random)}`
const letter = (random: Random): string => random.pick([...'abcdefijkmnpqrstuvwxyz'])
const name = (random: Random): string => random.pick([word, word, camel, snake, letter])(random)
const number = (random: Random): string =>
  String(random.chance(0.7) ? random.below(20) + 1 : random.chance(0.7) ? random.below(1_000) : random.below(100_000))
const file = (random: Random): string =>
  random.chance(0.15)
    ? random.pick(['package.json', 'Dockerfile', 'Makefile', 'tsconfig.json', 'requirements.txt', 'index.html', 'pom.xml', 'Cargo.toml', 'docker-compose.yml', 'go.mod', '.env', 'build.gradle', 'webpack.config.js'])
    : `${random.chance(0.3) ? `${word(random)}/` : ''}${name(random)}.${random.pick(ENDINGS)}`
const string = (random: Random): string => {
  const quote = random.pick(['"', '"', "'"])
  return `${quote}${random.pick([word(random), `${word(random)}s`, 'hello', 'Hello, world', `${word(random)}: `, ''])}${quote}`
}
const atom = (random: Random): string => random.pick([name, name, number, string])(random)
const operator = (random: Random): string => random.pick(['+', '-', '*', '/', '%', '==', '<', '>', '>=', '&&', '||', '!='])

function expression(random: Random): string {
  const n = (): string => name(random)
  const a = (): string => atom(random)
  return random.pick([
    () => a(),
    () => `${n()}.${n()}`,
    () => `${n()}(${a()})`,
    () => `${n()}.${n()}(${a()}, ${a()})`,
    () => `${n()} ${operator(random)} ${a()}`,
    () => `${n()}[${a()}]`,
    () => `${n()}.length`,
    () => `len(${n()})`,
    () => `!${n()}`,
    () => `(${n()} ${operator(random)} ${a()}) ${operator(random)} ${a()}`,
    () => `[${a()}, ${a()}, ${a()}]`,
    () => `{ ${n()}: ${a()} }`,
    () => `new ${cap(n())}(${a()})`,
  ])()
}

type Lines = (random: Random) => readonly string[]

const python: Lines = (random) => {
  const n = (): string => random.chance(0.6) ? snake(random) : word(random)
  const e = (): string => expression(random).replaceAll('&&', 'and').replaceAll('||', 'or').replaceAll('new ', '')
  return random.pick<() => string[]>([
    () => [`def ${n()}(${word(random)}, ${letter(random)}=${atom(random)}):`, `    ${word(random)} = ${e()}`, `    return ${e()}`],
    () => [`for ${letter(random)} in range(${number(random)}):`, `    ${random.pick(['print', n()])}(${e()})`],
    () => [`for ${letter(random)}, ${letter(random)} in enumerate(${n()}):`, `    ${n()}.append(${e()})`],
    () => [`class ${cap(word(random))}:`, `    def __init__(self, ${word(random)}):`, `        self.${word(random)} = ${word(random)}`],
    () => [`import ${random.pick(['os', 'sys', 'json', 'numpy as np', 'pandas as pd', 're', 'requests', 'random'])}`, `${word(random)} = ${e()}`, `print(${word(random)})`],
    () => [`from ${random.pick(['collections', 'typing', 'flask', 'django.db', 'datetime'])} import ${cap(word(random))}`, `${word(random)} = ${cap(word(random))}()`],
    () => [`with open(${string(random)}) as f:`, `    ${word(random)} = f.read()`],
    () => [`while ${e()}:`, `    ${letter(random)} += 1`, ...(random.chance(0.4) ? ['    break'] : [])],
    () => ['try:', `    ${n()}(${e()})`, `except ${random.pick(ERRORS)} as e:`, '    print(e)'],
    () => [`${word(random)} = [${letter(random)} for ${letter(random)} in ${n()} if ${e()}]`],
    () => [`${word(random)} = {${letter(random)}: ${e()} for ${letter(random)} in ${n()}}`, `print(${word(random)})`],
    () => [`if ${e()}:`, `    return ${e()}`, 'else:', `    raise ${random.pick(ERRORS)}(${string(random)})`],
    () => [`df = pd.read_csv(${string(random)})`, `df["${word(random)}"].${random.pick(['sum', 'mean', 'head'])}()`],
    () => [`@${word(random)}.${random.pick(['route', 'get', 'fixture'])}(${string(random)})`, `async def ${n()}():`, `    return await ${n()}(${e()})`],
    () => [`print(${e()})`],
    () => [`lambda ${letter(random)}: ${e()}`],
  ])()
}

const script: Lines = (random) => {
  const n = (): string => name(random)
  const e = (): string => expression(random)
  const end = random.chance(0.6) ? ';' : ''
  return random.pick<() => string[]>([
    () => [`const ${n()} = ${e()}${end}`, `console.log(${n()})${end}`],
    () => [`let ${n()} = ${e()}${end}`],
    () => [`var ${n()} = ${e()};`],
    () => [`function ${camel(random)}(${word(random)}, ${letter(random)}) {`, `  return ${e()}${end}`, '}'],
    () => [`const ${camel(random)} = (${word(random)}) => ${e()}${end}`],
    () => [`async function ${camel(random)}() {`, `  const ${word(random)} = await ${camel(random)}(${string(random)})${end}`, `  return ${word(random)}.${word(random)}${end}`, '}'],
    () => [`${n()}.map(${letter(random)} => ${e()})${end}`],
    () => [`${n()}.filter((${letter(random)}) => ${e()}).forEach(${letter(random)} => ${camel(random)}(${letter(random)}))${end}`],
    () => [`for (let i = 0; i < ${n()}.length; i++) {`, `  ${n()}[i] = ${e()}${end}`, '}'],
    () => [`if (${e()}) {`, `  throw new ${random.pick(['Error', 'TypeError'])}(${string(random)})${end}`, '}'],
    () => [`import { ${camel(random)} } from '${random.pick(['./', '@/', 'react', 'node:'])}${word(random)}'${end}`],
    () => [`export default function ${cap(word(random))}() {`, `  const [${word(random)}, set${cap(word(random))}] = useState(${atom(random)})${end}`, `  return <div className="${word(random)}">{${word(random)}}</div>${end}`, '}'],
    () => ['useEffect(() => {', `  ${camel(random)}(${n()})${end}`, `}, [${random.chance(0.5) ? n() : ''}])${end}`],
    () => [`document.getElementById(${string(random)}).addEventListener('click', () => ${e()})${end}`],
    () => [`fetch(${string(random)}).then(res => res.json()).then(${word(random)} => console.log(${word(random)}))${end}`],
    () => [`app.${random.pick(['get', 'post', 'use'])}('/${word(random)}', (req, res) => {`, `  res.json(${e()})${end}`, `})${end}`],
    () => [`interface ${cap(word(random))} {`, `  ${word(random)}: ${random.pick(['string', 'number', 'boolean'])}`, `  ${word(random)}?: string[]`, '}'],
    () => [`type ${cap(word(random))} = ${random.pick(['Record<string, number>', 'string | null', 'Partial<User>', 'keyof Item'])}`],
    () => [`switch (${n()}) {`, `  case ${atom(random)}:`, `    ${camel(random)}()${end}`, `    break${end}`, '}'],
    () => [`while (${e()}) {`, `  ${n()}++${end}`, '}'],
  ])()
}

const braces: Lines = (random) => {
  const n = (): string => name(random)
  const e = (): string => expression(random)
  const type = (): string => random.pick(['int', 'String', 'double', 'bool', 'float', 'char', 'long', 'var', 'auto'])
  return random.pick<() => string[]>([
    () => [`public class ${cap(word(random))} {`, `    private ${type()} ${word(random)};`, `    public ${type()} ${camel(random)}(${type()} ${letter(random)}) {`, `        return ${e()};`, '    }', '}'],
    () => ['public static void main(String[] args) {', `    System.out.println(${e()});`, '}'],
    () => [`${type()} ${word(random)} = ${e()};`],
    () => [`for (int i = 0; i < ${n()}; i++) { ${n()} += ${n()}[i]; }`],
    () => [`#include <${random.pick(['stdio.h', 'iostream', 'vector', 'string', 'stdlib.h', 'map'])}>`, `int main() {`, `    ${random.pick(['printf("%d\\n", ', 'std::cout << ('])}${e()});`, '    return 0;', '}'],
    () => [`std::vector<${type()}> ${word(random)};`, `${word(random)}.push_back(${atom(random)});`],
    () => [`${type()} *${letter(random)} = malloc(${number(random)} * sizeof(${type()}));`, `free(${letter(random)});`],
    () => [`void ${camel(random)}(${type()} *${letter(random)}, int n) {`, `    if (${e()}) return;`, `    *${letter(random)} = ${e()};`, '}'],
    () => [`fn ${snake(random)}(${word(random)}: &${random.pick(['str', 'mut Vec<i32>', '[u8]'])}) -> ${random.pick(['i32', 'String', 'Option<usize>', 'Result<(), Error>'])} {`, `    let ${random.chance(0.5) ? 'mut ' : ''}${word(random)} = ${e()};`, `    ${word(random)}`, '}'],
    () => [`let ${word(random)}: Vec<${random.pick(['i32', 'String', 'u8'])}> = ${word(random)}.iter().map(|${letter(random)}| ${e()}).collect();`],
    () => [`match ${word(random)} {`, `    Some(${letter(random)}) => println!("{}", ${letter(random)}),`, `    None => ${random.pick(['panic!("no")', 'return', '0'])},`, '}'],
    () => [`func ${camel(random)}(${word(random)} string) (${random.pick(['int', 'string', 'error'])}, error) {`, `\t${word(random)} := ${e()}`, '\tif err != nil {', '\t\treturn nil, err', '\t}', '}'],
    () => ['package main', '', 'import "fmt"', '', 'func main() {', `\tfmt.Println(${e()})`, '}'],
    () => [`for _, ${letter(random)} := range ${word(random)} {`, `\tgo ${camel(random)}(${letter(random)})`, '}'],
    () => [`var ${word(random)} = ${word(random)}.Where(${letter(random)} => ${e()}).Select(${letter(random)} => ${letter(random)}.${cap(word(random))}).ToList();`],
    () => [`Console.WriteLine($"{${word(random)}}: {${e()}}");`],
    () => ['<?php', `$${word(random)} = ${random.pick(['$_POST', '$_GET'])}['${word(random)}'];`, `echo $${word(random)};`],
    () => [`foreach ($${word(random)}s as $${word(random)}) {`, `  echo $${word(random)}->${word(random)};`, '}'],
    () => [`fun ${camel(random)}(${word(random)}: String): ${random.pick(['Int', 'Unit', 'List<String>'])} {`, `    val ${word(random)} = ${e()}`, `    return ${word(random)}`, '}'],
    () => [`func ${camel(random)}(_ ${word(random)}: Int) -> String {`, `    guard ${e()} else { return "" }`, `    return "\\(${word(random)})"`, '}'],
    () => ['@Test', `void ${camel(random)}() {`, `    assertEquals(${atom(random)}, ${e()});`, '}'],
    () => [`if (${e()}) { return ${e()}; } else { ${camel(random)}(${atom(random)}); }`],
    () => [`return ${e()} ? ${atom(random)} : ${atom(random)};`],
    () => [`template <typename T> T ${camel(random)}(T a, T b) { return a ${operator(random)} b; }`],
  ])()
}

const others: Lines = (random) => {
  const n = (): string => name(random)
  return random.pick<() => string[]>([
    () => [`def ${snake(random)}(${word(random)})`, `  ${word(random)}.each { |${letter(random)}| puts ${letter(random)} }`, 'end'],
    () => [`${word(random)} = ${word(random)}.map(&:${random.pick(['to_s', 'upcase', 'length'])}).join(", ")`, `puts ${word(random)}`],
    () => [`<div class="${word(random)}">`, `  <p>${word(random)}</p>`, `  <a href="#">${word(random)}</a>`, '</div>'],
    () => [`<form action="/${word(random)}" method="post">`, `  <input type="text" name="${word(random)}">`, '  <button>Send</button>', '</form>'],
    () => [`.${word(random)} {`, `  ${random.pick(['display: flex', 'margin: 0 auto', 'color: red', 'position: absolute', 'grid-template-columns: 1fr 1fr'])};`, `  ${random.pick(['padding', 'width', 'font-size', 'top'])}: ${number(random)}px;`, '}'],
    () => [`@media (max-width: ${number(random)}px) {`, `  #${word(random)} { display: none; }`, '}'],
    () => [`${snake(random)} :: Int -> [Int] -> Bool`, `${snake(random)} n (x:xs) = x == n || ${snake(random)} n xs`],
    () => [`defmodule ${cap(word(random))} do`, `  def ${snake(random)}(${word(random)}), do: Enum.map(${word(random)}, fn x -> x * ${number(random)} end)`, 'end'],
    () => [`local ${word(random)} = {}`, `for i = 1, ${number(random)} do`, `  ${word(random)}[i] = i * i`, 'end'],
    () => [`${word(random)} <- c(${number(random)}, ${number(random)}, ${number(random)})`, `${random.pick(['mean', 'plot', 'summary', 'sd'])}(${word(random)})`],
    () => [`section .text`, `mov ${random.pick(['eax', 'rax', 'ecx'])}, ${number(random)}`, 'ret'],
    () => [`(defun ${n()} (${letter(random)})`, `  (* ${letter(random)} ${letter(random)}))`],
    () => [`Sub ${cap(camel(random))}()`, `  Dim ${letter(random)} As Integer`, `  Range("A${number(random)}").Value = ${atom(random)}`, 'End Sub'],
    () => [`<template>`, `  <li v-for="${letter(random)} in ${word(random)}s" :key="${letter(random)}.id">{{ ${letter(random)}.${word(random)} }}</li>`, '</template>'],
    () => [`${word(random)} = ${number(random)}`, `while ${word(random)} > 0 do ${word(random)} = ${word(random)} - 1 end`],
    () => [`val ${word(random)} = List(${number(random)}, ${number(random)}).map(_ * 2).sum`],
  ])()
}

const LANGUAGES = [python, python, python, script, script, script, braces, braces, braces, others, others] as const

function snippet(random: Random): string {
  const lines = random.pick(LANGUAGES)
  const parts = Array.from({ length: 1 + random.below(3) }, () => lines(random).join('\n'))
  return parts.join(random.chance(0.3) ? '\n\n' : '\n')
}

const FENCES = ['', '', 'python', 'py', 'js', 'javascript', 'typescript', 'ts', 'java', 'c', 'cpp', 'go', 'rust', 'ruby', 'php', 'html', 'css', 'bash', 'sh', 'sql', 'json', 'yaml', 'csharp', 'kotlin', 'swift', 'jsx']

function trace(random: Random): string {
  const error = random.pick(ERRORS)
  const message = random.pick(MESSAGES)
  return random.pick([
    () => `Traceback (most recent call last):\n  File "${file(random)}", line ${number(random)}, in ${random.pick(['<module>', snake(random)])}\n    ${expression(random)}\n${error}: ${message}`,
    () => `${random.pick(['Uncaught ', '', 'Unhandled '])}${error}: ${message}\n    at ${camel(random)} (${file(random)}:${number(random)}:${number(random)})\n    at ${camel(random)} (node:internal/${word(random)}:${number(random)}:${number(random)})`,
    () => `Exception in thread "main" java.lang.${error}: ${message}\n\tat com.${word(random)}.${cap(word(random))}.${camel(random)}(${cap(word(random))}.java:${number(random)})\nCaused by: java.io.${error}`,
    () => `error[E0${number(random)}]: ${message}\n --> src/${file(random)}:${number(random)}:${number(random)}\n  |\n${number(random)} |     let ${letter(random)} = ${expression(random)};\n  |         ^ ${message}`,
    () => `panic: runtime error: ${message}\n\ngoroutine ${number(random)} [running]:\nmain.${camel(random)}()\n\t${file(random)}:${number(random)} +0x${number(random)}`,
    () => `${file(random)}:${number(random)}:${number(random)}: error: ${message}`,
    () => `${file(random)}(${number(random)},${number(random)}): error ${random.pick(['TS', 'CS', 'C'])}${number(random)}: ${message}`,
    () => `${error}: ${message}`,
    () => `${word(random)}.${word(random)}.${error}: ${message}`,
    () => `npm ERR! code ${random.pick(['ERESOLVE', 'ENOENT', 'E404', 'ELIFECYCLE'])}\nnpm ERR! ${message}`,
    () => `make: *** [${word(random)}] Error ${number(random)}`,
    () => `Segmentation fault (core dumped)`,
    () => `fatal: ${random.pick(['not a git repository', 'remote origin already exists', "couldn't find remote ref", 'unable to access repository'])}`,
    () => `bash: ${word(random)}: command not found`,
    () => `PHP ${random.pick(['Warning', 'Fatal error', 'Notice'])}:  ${message} in /var/www/${word(random)}.php on line ${number(random)}`,
    () => `[ERROR] ${message} (${file(random)}:${number(random)})\nBUILD FAILED`,
    () => `thread 'main' panicked at '${message}', src/main.rs:${number(random)}:${number(random)}`,
    () => `undefined reference to \`${snake(random)}'\ncollect2: error: ld returned 1 exit status`,
    () => `System.${error}: ${message}\n   at ${cap(word(random))}.${cap(camel(random))}() in ${file(random)}:line ${number(random)}`,
    () => `Error: Cannot find module '${word(random)}'`,
    () => `${random.pick(['ECONNREFUSED', 'EADDRINUSE', 'ENOENT', 'ETIMEDOUT', 'EACCES'])} 127.0.0.1:${number(random)}`,
  ])()
}

function shellLine(random: Random): string {
  const w = (): string => word(random)
  const line = random.pick([
    () => `${random.pick(['npm', 'pnpm', 'yarn'])} ${random.pick(['install', 'run build', 'test', 'start', 'run dev', 'ci', `add ${w()}`])}`,
    () => `pip install ${random.pick(['numpy', 'pandas', w()])}`,
    () => `git ${random.pick(['push origin main', 'pull --rebase', `checkout -b ${w()}`, 'status', 'log --oneline', 'stash', 'reset --hard HEAD~1', `commit -m "${w()}"`, 'rebase -i HEAD~3', `merge ${w()}`, 'diff --staged', 'clone git@example.com:a/b.git'])}`,
    () => `docker ${random.pick(['build -t app .', 'ps -a', `run -p ${number(random)}:80 ${w()}`, 'compose up -d', `exec -it ${w()} sh`, 'logs -f web'])}`,
    () => `kubectl ${random.pick(['get pods', `apply -f ${w()}.yaml`, `describe pod ${w()}`, `logs ${w()}-0`, 'rollout restart deployment/web'])}`,
    () => `sudo ${random.pick(['apt-get update', 'systemctl status nginx', `apt install ${w()}`, `chown -R me ${w()}`, 'journalctl -xe'])}`,
    () => `find . -type f -name "*.${random.pick(ENDINGS)}" | xargs grep ${w()}`,
    () => `grep -${random.pick(['r', 'i', 'rn', 'v'])} "${w()}" ${file(random)}`,
    () => `cat ${file(random)} | ${random.pick(['sort | uniq -c', `grep ${w()}`, 'wc -l', "awk '{print $1}'", 'head -n 5'])}`,
    () => `curl -${random.pick(['X POST', 's', 'I', 'H "Accept: application/json"'])} http://localhost:${number(random)}/${w()}`,
    () => `chmod ${random.pick(['+x', '755', '644'])} ${file(random)}`,
    () => `ssh ${w()}@${w()}.example.com -p ${number(random)}`,
    () => `tar -${random.pick(['xzf', 'czf', 'xvf'])} ${w()}.tar.gz`,
    () => `rsync -av ${w()}/ ${w()}:/srv/${w()}`,
    () => `sed -i 's/${w()}/${w()}/g' ${file(random)}`,
    () => `ls -l${random.pick(['', 'a', 'h'])} ${w()}/`,
    () => `rm -rf ${random.pick(['node_modules', 'dist', `./${w()}`])}`,
    () => `export ${w().toUpperCase()}_KEY=${w()}`,
    () => `python ${random.pick(['-m venv .venv', `${file(random)}`, '-m pip list', 'manage.py migrate'])}`,
    () => `cargo ${random.pick(['build --release', 'test', 'run', `add ${w()}`])}`,
    () => `go ${random.pick(['build ./...', 'test ./...', 'mod tidy', 'run main.go'])}`,
    () => `ps aux | grep ${w()} | awk '{print $2}'`,
    () => `for f in *.${random.pick(ENDINGS)}; do mv "$f" "${w()}_$f"; done`,
    () => `Get-${cap(w())} -Path C:\\${w()} | Where-Object { $_.Name -like "*.${random.pick(ENDINGS)}" }`,
    () => `mvn clean ${random.pick(['install', 'package', 'test'])}`,
    () => `brew install ${w()}`,
    () => `${number(random)} ${random.pick(['*', '3'])} * * 1 /usr/bin/${w()}.sh`,
    () => `terraform ${random.pick(['plan', 'apply', 'init'])}`,
    () => `echo $${w().toUpperCase()}`,
    () => `ping -c 4 ${w()}.example.com && cd ${w()}`,
  ])()
  return random.chance(0.25) ? `$ ${line}` : line
}

function sql(random: Random): string {
  const t = (): string => `${word(random)}s`
  const c = (): string => word(random)
  const text = random.pick([
    () => `SELECT ${random.pick(['*', c(), `${c()}, ${c()}`, `COUNT(*)`, `MAX(${c()})`])} FROM ${t()}${random.chance(0.6) ? ` WHERE ${c()} ${random.pick(['=', '>', '<', 'LIKE', 'IN'])} ${random.pick([number(random), `'${c()}'`])}` : ''}${random.chance(0.3) ? ` ORDER BY ${c()} DESC LIMIT ${number(random)}` : ''};`,
    () => `SELECT a.${c()}, b.${c()} FROM ${t()} a ${random.pick(['JOIN', 'LEFT JOIN', 'INNER JOIN'])} ${t()} b ON a.id = b.${c()}_id`,
    () => `SELECT ${c()}, SUM(${c()}) FROM ${t()} GROUP BY ${c()} HAVING SUM(${c()}) > ${number(random)}`,
    () => `INSERT INTO ${t()} (${c()}, ${c()}) VALUES (${number(random)}, '${c()}');`,
    () => `UPDATE ${t()} SET ${c()} = ${number(random)} WHERE id = ${number(random)};`,
    () => `DELETE FROM ${t()} WHERE ${c()} IS NULL`,
    () => `CREATE TABLE ${t()} (id INT PRIMARY KEY, ${c()} VARCHAR(${number(random)}), ${c()} DATE);`,
    () => `ALTER TABLE ${t()} ${random.pick(['ADD COLUMN', 'DROP COLUMN'])} ${c()};`,
    () => `CREATE INDEX idx_${c()} ON ${t()} (${c()});`,
    () => `WITH x AS (SELECT ${c()} FROM ${t()}) SELECT * FROM x`,
    () => `EXPLAIN SELECT ${c()} FROM ${t()} WHERE ${c()} BETWEEN ${number(random)} AND ${number(random)}`,
    () => `SELECT ${c()}, ROW_NUMBER() OVER (PARTITION BY ${c()} ORDER BY ${c()}) FROM ${t()}`,
  ])()
  return random.chance(0.3) ? text.toLowerCase() : text
}

function configText(random: Random): string {
  const w = (): string => word(random)
  return random.pick([
    () => `{"${w()}": ${number(random)}, "${w()}": ["${w()}", "${w()}"], "${w()}": {"${w()}": true}}`,
    () => `{\n  "name": "${w()}",\n  "version": "1.${number(random)}.0",\n  "dependencies": {\n    "${w()}": "^${number(random)}.0.0"\n  }\n}`,
    () => `services:\n  ${w()}:\n    image: ${w()}:${number(random)}\n    ports:\n      - "${number(random)}:80"`,
    () => `apiVersion: apps/v1\nkind: Deployment\nmetadata:\n  name: ${w()}\nspec:\n  replicas: ${number(random)}`,
    () => `FROM ${random.pick(['python:3.12', 'ubuntu', 'golang:1.22', 'nginx'])}\nCOPY . /${w()}\nRUN ${shellLine(random)}\nCMD ["${w()}"]`,
    () => `on: push\njobs:\n  ${w()}:\n    runs-on: ubuntu-latest\n    steps:\n      - run: ${shellLine(random)}`,
    () => `[${w()}]\n${w()} = "${w()}"\n${w()} = ${number(random)}`,
    () => `server {\n  listen ${number(random)};\n  location /${w()} {\n    proxy_pass http://localhost:${number(random)};\n  }\n}`,
    () => `all: ${w()}\n\n${w()}: ${file(random)}\n\tgcc -o $@ $<`,
    () => `resource "aws_${w()}" "${w()}" {\n  ${w()} = "${w()}"\n}`,
    () => `<project>\n  <dependency>\n    <artifactId>${w()}</artifactId>\n    <version>1.${number(random)}</version>\n  </dependency>\n</project>`,
  ])()
}

function diff(random: Random): string {
  const path = file(random)
  const head = random.chance(0.6) ? `diff --git a/${path} b/${path}\n--- a/${path}\n+++ b/${path}\n` : ''
  const place = random.chance(0.7) ? `@@ -${number(random)},4 +${number(random)},5 @@\n` : ''
  return `${head}${place}-${expression(random)}\n+${expression(random)}`
}

function excel(random: Random): string {
  const cell = (): string => `${random.pick([...'ABCDEFG'])}${number(random)}`
  const separator = random.pick([',', ';'])
  return random.pick([
    () => `=SUM(${cell()}:${cell()})`,
    () => `=IF(${cell()}>${number(random)}${separator}"${word(random)}"${separator}"${word(random)}")`,
    () => `=VLOOKUP(${cell()}${separator}${cell()}:${cell()}${separator}2${separator}FALSE)`,
    () => `=COUNTIF(${cell()}:${cell()}${separator}"${word(random)}")`,
    () => `=INDEX(${cell()}:${cell()}${separator}MATCH(${cell()}${separator}${cell()}:${cell()}${separator}0))`,
    () => `=SUMIFS(B:B${separator}A:A${separator}${cell()})`,
  ])()
}

export const makers: Makers = {
  tech: (random) => random.pick(TECH),
  place: (random) => random.pick(PLACES),
  number,
  identifier: (random) => random.pick([camel, snake, camel, (r: Random) => `${word(r)}.${word(r)}`])(random),
  table: (random) => `${word(random)}s`,
  file,
  ErrorType: (random) => random.pick(ERRORS),
  tongue: (random) => random.pick(['French', 'German', 'Spanish', 'Italian', 'Polish', 'Dutch', 'Japanese', 'Russian', 'English', 'Latin']),
  snippet,
  fenced: (random) => `\`\`\`${random.pick(FENCES)}\n${snippet(random)}\n\`\`\``,
  trace,
  shellLine,
  sql,
  configText,
  diff,
  excel,
  oneLiner: (random) => {
    const [line = ''] = random.pick(LANGUAGES)(random)
    return random.chance(0.4) ? expression(random) : line
  },
}

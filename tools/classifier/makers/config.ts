import type { Random } from '../random.ts'
import { expression, file, number, word } from './names.ts'
import { shellLine } from './terminal.ts'

export function sql(random: Random): string {
  const t = (): string => `${word(random)}s`
  const c = (): string => word(random)
  const text = random.pick([
    () =>
      `SELECT ${random.pick(['*', c(), `${c()}, ${c()}`, `COUNT(*)`, `MAX(${c()})`])} FROM ${t()}${random.chance(0.6) ? ` WHERE ${c()} ${random.pick(['=', '>', '<', 'LIKE', 'IN'])} ${random.pick([number(random), `'${c()}'`])}` : ''}${random.chance(0.3) ? ` ORDER BY ${c()} DESC LIMIT ${number(random)}` : ''};`,
    () =>
      `SELECT a.${c()}, b.${c()} FROM ${t()} a ${random.pick(['JOIN', 'LEFT JOIN', 'INNER JOIN'])} ${t()} b ON a.id = b.${c()}_id`,
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

export function configText(random: Random): string {
  const w = (): string => word(random)
  return random.pick([
    () => `{"${w()}": ${number(random)}, "${w()}": ["${w()}", "${w()}"], "${w()}": {"${w()}": true}}`,
    () =>
      `{\n  "name": "${w()}",\n  "version": "1.${number(random)}.0",\n  "dependencies": {\n    "${w()}": "^${number(random)}.0.0"\n  }\n}`,
    () =>
      `services:\n  ${w()}:\n    image: ${w()}:${number(random)}\n    ports:\n      - "${number(random)}:80"`,
    () =>
      `apiVersion: apps/v1\nkind: Deployment\nmetadata:\n  name: ${w()}\nspec:\n  replicas: ${number(random)}`,
    () =>
      `FROM ${random.pick(['python:3.12', 'ubuntu', 'golang:1.22', 'nginx'])}\nCOPY . /${w()}\nRUN ${shellLine(random)}\nCMD ["${w()}"]`,
    () =>
      `on: push\njobs:\n  ${w()}:\n    runs-on: ubuntu-latest\n    steps:\n      - run: ${shellLine(random)}`,
    () => `[${w()}]\n${w()} = "${w()}"\n${w()} = ${number(random)}`,
    () =>
      `server {\n  listen ${number(random)};\n  location /${w()} {\n    proxy_pass http://localhost:${number(random)};\n  }\n}`,
    () => `all: ${w()}\n\n${w()}: ${file(random)}\n\tgcc -o $@ $<`,
    () => `resource "aws_${w()}" "${w()}" {\n  ${w()} = "${w()}"\n}`,
    () =>
      `<project>\n  <dependency>\n    <artifactId>${w()}</artifactId>\n    <version>1.${number(random)}</version>\n  </dependency>\n</project>`,
  ])()
}

export function diff(random: Random): string {
  const path = file(random)
  const head = random.chance(0.6) ? `diff --git a/${path} b/${path}\n--- a/${path}\n+++ b/${path}\n` : ''
  const place = random.chance(0.7) ? `@@ -${number(random)},4 +${number(random)},5 @@\n` : ''
  return `${head}${place}-${expression(random)}\n+${expression(random)}`
}

export function excel(random: Random): string {
  const cell = (): string => `${random.pick(Array.from('ABCDEFG'))}${number(random)}`
  const separator = random.pick([',', ';'])
  return random.pick([
    () => `=SUM(${cell()}:${cell()})`,
    () => `=IF(${cell()}>${number(random)}${separator}"${word(random)}"${separator}"${word(random)}")`,
    () => `=VLOOKUP(${cell()}${separator}${cell()}:${cell()}${separator}2${separator}FALSE)`,
    () => `=COUNTIF(${cell()}:${cell()}${separator}"${word(random)}")`,
    () =>
      `=INDEX(${cell()}:${cell()}${separator}MATCH(${cell()}${separator}${cell()}:${cell()}${separator}0))`,
    () => `=SUMIFS(B:B${separator}A:A${separator}${cell()})`,
  ])()
}

import type { Lines } from './lines.ts'
import { atom, camel, cap, letter, name, number, snake, word } from './names.ts'

/** Lines of other languages, of markup and of styles. */
export const others: Lines = (random) => {
  const n = (): string => name(random)
  return random.pick<() => string[]>([
    () => [
      `def ${snake(random)}(${word(random)})`,
      `  ${word(random)}.each { |${letter(random)}| puts ${letter(random)} }`,
      'end',
    ],
    () => [
      `${word(random)} = ${word(random)}.map(&:${random.pick(['to_s', 'upcase', 'length'])}).join(", ")`,
      `puts ${word(random)}`,
    ],
    () => [
      `<div class="${word(random)}">`,
      `  <p>${word(random)}</p>`,
      `  <a href="#">${word(random)}</a>`,
      '</div>',
    ],
    () => [
      `<form action="/${word(random)}" method="post">`,
      `  <input type="text" name="${word(random)}">`,
      '  <button>Send</button>',
      '</form>',
    ],
    () => [
      `.${word(random)} {`,
      `  ${random.pick(['display: flex', 'margin: 0 auto', 'color: red', 'position: absolute', 'grid-template-columns: 1fr 1fr'])};`,
      `  ${random.pick(['padding', 'width', 'font-size', 'top'])}: ${number(random)}px;`,
      '}',
    ],
    () => [`@media (max-width: ${number(random)}px) {`, `  #${word(random)} { display: none; }`, '}'],
    () => [
      `${snake(random)} :: Int -> [Int] -> Bool`,
      `${snake(random)} n (x:xs) = x == n || ${snake(random)} n xs`,
    ],
    () => [
      `defmodule ${cap(word(random))} do`,
      `  def ${snake(random)}(${word(random)}), do: Enum.map(${word(random)}, fn x -> x * ${number(random)} end)`,
      'end',
    ],
    () => [
      `local ${word(random)} = {}`,
      `for i = 1, ${number(random)} do`,
      `  ${word(random)}[i] = i * i`,
      'end',
    ],
    () => [
      `${word(random)} <- c(${number(random)}, ${number(random)}, ${number(random)})`,
      `${random.pick(['mean', 'plot', 'summary', 'sd'])}(${word(random)})`,
    ],
    () => [`section .text`, `mov ${random.pick(['eax', 'rax', 'ecx'])}, ${number(random)}`, 'ret'],
    () => [`(defun ${n()} (${letter(random)})`, `  (* ${letter(random)} ${letter(random)}))`],
    () => [
      `Sub ${cap(camel(random))}()`,
      `  Dim ${letter(random)} As Integer`,
      `  Range("A${number(random)}").Value = ${atom(random)}`,
      'End Sub',
    ],
    () => [
      `<template>`,
      `  <li v-for="${letter(random)} in ${word(random)}s" :key="${letter(random)}.id">{{ ${letter(random)}.${word(random)} }}</li>`,
      '</template>',
    ],
    () => [
      `${word(random)} = ${number(random)}`,
      `while ${word(random)} > 0 do ${word(random)} = ${word(random)} - 1 end`,
    ],
    () => [`val ${word(random)} = List(${number(random)}, ${number(random)}).map(_ * 2).sum`],
  ])()
}

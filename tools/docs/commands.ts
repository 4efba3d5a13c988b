/** A command line of a document, or why it is not run. */
export type Command = { readonly run: string } | { readonly left: string; readonly line: string }

/** Commands whose effect is outside of what a test may do, each with what covers it instead. Any other is run. */
const LEFT: readonly (readonly [RegExp, string])[] = [
  [/^(npm|pnpm) (install|add|ci)\b/, 'installing is what the package check does'],
  [/^npm (test|run affected|run bench)\b/, 'this test is part of it'],
  [/^npm run \w/, 'has its own step in npm test'],
  [/^\.ci\/run/, 'runs this test'],
  [/^(git clone|cd |export |pnpm run|pnpm exec|ollama |brew |winget |curl )/, 'sets up a machine'],
  [/^(npm start|openmux)(\s+chat)?$/, 'opens a conversation, which the tests of the command line hold'],
  [/^npx changeset/, 'asks questions at a terminal'],
  [/^node tools\/(real-parts|tiny-models)/, 'has its own step in npm test'],
  [/^(node tools\/lifecycle|npm deprecate|npm update|git push)\b/, 'played by the release rehearsal'],
]

/** The commands of a shell block (all lines) or a console block (lines after `$ `). */
export function commandsOf(language: string, text: string): readonly Command[] {
  const joined = text.replaceAll(/\\\n\s*/g, ' ')
  return joined.split('\n').flatMap((line): readonly Command[] => {
    const given = language === 'console' ? (line.startsWith('$ ') ? line.slice(2) : '') : line
    const command = given.replace(/\s+#.*$/, '').trim()
    if (command === '' || command.startsWith('#')) return []
    const left = LEFT.find(([pattern]) => pattern.test(command))
    return [left === undefined ? { run: command } : { left: left[1], line: command }]
  })
}

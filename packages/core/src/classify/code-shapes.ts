/** A sign of program text or of a wish for it, with its weight: from 1 on it decides. */
export interface Sign {
  readonly weight: number
  readonly reason: string
}

/** Fences of these are not program text. */
const PROSE_FENCE = /^(?:text|txt|plain|plaintext|markdown|md|csv|quote|log)$/i

const STACK_TRACE =
  /^\s*at .+[(:]\S*:\d+(?::\d+)?\)?$|^Traceback \(most recent call last\)|^\s*File "[^"]+", line \d+|^Exception in thread |^panic: |^error(?:\[E\d+\])?: .+|^\s*Caused by: [\w.$]+|\b\w+\.(?:java|kt|cs|go|rb|rs|cpp|py|ts|js):\d+\b|^Segmentation fault|^npm ERR!|^thread '.+' panicked at/
const DIFF = /^diff --git |^@@ -\d+|^(?:---|\+\+\+) [ab]\//
const SHELL =
  /^\$ \S|^#!\/|^(?:sudo \S|(?:npm|pnpm|yarn|pip3?|cargo|docker|kubectl|apt-get|brew|conda|go) (?:i|ci|install|run|add|build|test|start|exec|ps|get|apply|mod|upgrade|init)\b|git (?:add|commit|push|pull|rebase|merge|clone|checkout|status|log|diff|stash|reset|init|branch|fetch|switch|cherry-pick)\b|(?:curl|chmod|chown|grep|rsync|ssh|tar|awk|sed) -?\S*[-/+]\S)/
const CODE_LINE =
  /^[+-]?\s*(?:class \w+.*[:{]\s*$|import [\w{*].* from ['"]|from [\w.]+ import |import [\w.]+;?$|(?:export |pub )?(?:const|let|var) \w+.*=|function ?\(|(?:public|private|protected) .*[({;]|package \w+;?$|using [\w.]+;$|<\/?(?:html|div|span|body|script|style|ul|li|table|form|template)\b|return\b.*;$|(?:if|for|while|switch) ?\(.*\)\s*\{?$|@\w+(?:\(.*\))?$|\}.*\{?$|(?:if|for|while|elif|with|try|except)\b.*:$|print\(|FROM [\w"`.]+|WHERE \w)|[;{]\s*$|=>|\)\s*:\s*$|\w\(\);?$/
const SQL =
  /\b(?:SELECT\b[^;]{1,200}\bFROM\s+\w|INSERT INTO\s+\w|UPDATE\s+\w+\s+SET\b|CREATE (?:TABLE|INDEX|VIEW)\b|DELETE FROM\s+\w|ALTER TABLE\b)|\bselect\s+\*\s+from\s+\w|\bselect\s+[\w.,\s]{1,120}\sfrom\s+\w+\s+(?:where\s+\w+\s*[=<>]|join\s+\w+\s+on\b|group by\b)/
const ERROR_NAME = /\b[A-Z]\w*(?:Error|Exception)\b/
const FILE_NAME =
  /\b[\w-]+\.(?:tsx?|jsx?|mjs|cjs|py|rb|rs|go|java|kt|cs|cpp|hpp|c|h|php|sh|sql|css|scss|html|vue|ya?ml|toml|json|ipynb)\b/
const INLINE_CODE =
  /`[^`\n]*[(){}=<>;_/$.[\]-][^`\n]*`|\b\w+\(\)|\b[a-z]+[a-z0-9]*_[a-z]\w*\b|\b[a-z]+[A-Z]\w+\(|\\[dwsb](?:[+*{)]|$)|\[\^?[a-z0]-[a-z9]\]/

/** Lines that are nothing but code; the others may, alone, be prose with a semicolon or a colon. */
const SURE_LINE =
  /^\s*(?:def \w+\s*\(.*:|#include\s*[<"]|(?:export )?(?:async )?function\*? ?\w+\s*\(|(?:pub )?fn \w+[(<]|func \w+\(|(?:const|let) \w+ ?=|public (?:static|class)|<\?php|<!doctype html|import \{|console\.log\()/

/** Lines looked at. A text cut to a glance seldom has more. */
const MOST_LINES = 80

/** Signs in the form of the text itself: fences, traces, diffs, shell lines, SQL, lines of code. */
export function codeShapes(text: string): readonly Sign[] {
  const signs: Sign[] = []
  let codeLines = 0
  let sureLines = 0
  let fences = 0
  const seen = { trace: false, diff: false, shell: false }
  for (const line of text.split('\n', MOST_LINES)) {
    if (line === '') continue
    const fence = /^\s*(?:```|~~~)\s*([\w+#.-]*)/.exec(line)
    if (fence !== null) {
      fences += 1
      const language = fence[1] ?? ''
      if (language !== '' && !PROSE_FENCE.test(language))
        signs.push({ weight: 1.5, reason: `holds a block of ${language}` })
      continue
    }
    seen.trace ||= STACK_TRACE.test(line)
    seen.diff ||= DIFF.test(line)
    seen.shell ||= SHELL.test(line)
    if (SURE_LINE.test(line)) sureLines += 1
    else if (CODE_LINE.test(line)) codeLines += 1
  }
  if (seen.trace) signs.push({ weight: 1.4, reason: 'holds a stack trace or compiler message' })
  if (seen.diff) signs.push({ weight: 1.6, reason: 'holds a diff' })
  if (seen.shell) signs.push({ weight: 1.1, reason: 'holds shell commands' })
  if (SQL.test(text)) signs.push({ weight: 1.3, reason: 'holds SQL' })
  const lines = sureLines * 1.1 + codeLines * (fences > 0 ? 0.7 : 0.45)
  if (lines > 0) signs.push({ weight: Math.min(2, lines), reason: 'holds lines of code' })
  return signs
}

/** Whether a text holds a block of code: what an answer to a question about code looks like. */
export function holdsCodeBlock(text: string): boolean {
  const fence = /^\s*(?:```|~~~)\s*([\w+#.-]*)/m.exec(text)
  return fence !== null && !PROSE_FENCE.test(fence[1] ?? '')
}

/** Names only programmers write; too little to decide, enough to tip: an error's name, a file, a call. */
export function codeNames(text: string): readonly Sign[] {
  const signs: Sign[] = []
  if (ERROR_NAME.test(text)) signs.push({ weight: 1, reason: 'names an error type' })
  if (FILE_NAME.test(text)) signs.push({ weight: 0.45, reason: 'names a source file' })
  if (INLINE_CODE.test(text)) signs.push({ weight: 0.45, reason: 'holds names of code' })
  return signs
}

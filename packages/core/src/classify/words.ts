/**
 * What a word can mean for the task of a request.
 * - `make`, `mend`: asks for something to be written, or put right.
 * - `make-last`: the same in languages that put the verb behind its object.
 * - `program`: program text and nothing else (function, regex). `maybe-program`: also other things (class, script).
 * - `prose`: text for people (poem, letter).
 * - `technical`: languages and tools of programmers. `behaves`: what programs do ("that sorts").
 * - `trouble`: errors and bugs. `embed`, `vectors`, `text`: asking for embeddings of a text.
 */
export type WordKind =
  | 'make'
  | 'make-last'
  | 'mend'
  | 'program'
  | 'maybe-program'
  | 'prose'
  | 'technical'
  | 'behaves'
  | 'trouble'
  | 'embed'
  | 'vectors'
  | 'text'

/** Lower-case words. English first, then German, French, Spanish, Portuguese, Italian, Dutch, Polish, Russian. */
const WORDS: Readonly<Record<WordKind, string>> = {
  make:
    'write implement create build code generate make develop add give show program need want compute get produce ' +
    'schreib schreibe erstelle implementiere programmiere baue écris écrivez crée génère implémente donne ' +
    'escribe crea genera implementa haz dame escreva crie gere faça scrivi schrijf maak napisz напиши создай',
  'make-last':
    'schreiben erstellen implementieren programmieren écrire créer escribir crear criar escrever scrivere schrijven написать',
  mend:
    'fix debug refactor optimize optimise rewrite port convert migrate review simplify speed test solve improve correct ' +
    'behebe korrigiere optimiere verbessere corrige corrigez arregla mejora corrija correggi исправь',
  program:
    'function functions subroutine regex regexp dockerfile makefile webhook middleware endpoint boilerplate yaml html css sql ' +
    'usestate decorator iterator hashmap funktion fonction función função funzione functie funkcję функцию',
  'maybe-program':
    'code class classes script program method algorithm query component module test tests app application website webpage page ' +
    'api cli bot server client parser compiler loop interface struct macro snippet library plugin schema table command formula ' +
    'game skript klasse programm methode abfrage programme classe requête código clase programa consulta codice programma код скрипт',
  prose:
    'poem story essay letter email mail song haiku joke recipe speech blog article summary novel lyrics review plan list paragraph ' +
    'caption slogan tweet headline description biography cv resume menu quiz dialogue screenplay outline post overview explanation ' +
    'gedicht brief geschichte aufsatz rede lied witz rezept zusammenfassung poème lettre histoire discours recette résumé ' +
    'poema carta historia cuento receta discurso história receita poesia lettera storia ricetta стихотворение письмо',
  technical:
    'javascript typescript python golang kotlin php html css sql regex json yaml react angular vue svelte django flask fastapi ' +
    'numpy pandas pytorch kubernetes docker bash powershell git github gitlab npm pnpm postgres mysql sqlite mongodb redis async ' +
    'webpack vite c++ c# haskell perl lua matlab vba terraform nginx jquery node.js next.js cuda java graphql websocket oauth jwt ' +
    'cron playwright jest recursive array boolean stdin csv dataframe dataframes dict linux tailwind middleware laravel rails excel ' +
    'leetcode lru quicksort ci eslint div flexbox jsx xml ssh localhost repo pip conda cmake gcc maven unicode',
  behaves:
    'prints sorts parses reads returns calculates computes counts checks converts downloads fetches validates reverses implements ' +
    'represents handles returning finds removes filters merges generates reverse sort parse iterate ausgibt sortiert berechnet ' +
    'trie calcule affiche imprime ordena calcula devuelve stampa сортирует',
  trouble:
    'bug bugs error errors segmentation exiting fails failing failed conflict err exception segfault crash crashes undefined null ' +
    'compile compiles fehler erreur erro errore ошибка',
  embed: 'embed vectorize vectorise',
  vectors: 'embedding embeddings',
  text: 'text texts sentence sentences document documents passage passages paragraph string strings phrase following words query',
}

/** Words before `code`, `program` … that make them something else; `of`: the same when it stands behind. */
const OTHER_MEANINGS: Readonly<Record<string, string>> = {
  code: 'dress zip postal tax promo discount qr morse bar penal civil building area country access entry moral honor color legal criminal secret pin of',
  class:
    'yoga cooking fitness dance school art first middle working upper english history math swimming master',
  program:
    'tv radio training exercise workout fitness loyalty scout school space government exchange wedding concert summer',
  script: 'movie film tv play theatre theater podcast video sales phone youtube',
  test: 'blood pregnancy driving math history iq personality eye drug hearing vocabulary',
  function: 'of',
  functions: 'of',
  game: 'board card party drinking football video ball',
  table: 'dining coffee kitchen multiplication periodic times',
  method: 'teaching scientific of',
  library: 'public local school city',
  page: 'title cover front',
}

/** Each word with its kinds. A word may have several. */
export const KINDS_OF_WORD: ReadonlyMap<string, readonly WordKind[]> = /* @__PURE__ */ kindsOfWord()

const OTHERS: ReadonlyMap<string, ReadonlySet<string>> = /* @__PURE__ */ new Map(
  Object.entries(OTHER_MEANINGS).map(([word, beside]) => [word, new Set(beside.split(' '))]),
)

/** Whether `word` beside these neighbours is not about programs: "dress code", "code of conduct". */
export function meansSomethingElse(
  word: string,
  before: string | undefined,
  after: string | undefined,
): boolean {
  const beside = OTHERS.get(word)
  if (beside === undefined) return false
  return (before !== undefined && beside.has(before)) || (after === 'of' && beside.has('of'))
}

function kindsOfWord(): ReadonlyMap<string, readonly WordKind[]> {
  const kinds = new Map<string, WordKind[]>()
  for (const [kind, words] of Object.entries(WORDS) as [WordKind, string][]) {
    for (const word of words.split(' ')) {
      const known = kinds.get(word)
      if (known === undefined) kinds.set(word, [kind])
      else if (!known.includes(kind)) known.push(kind)
    }
  }
  return kinds
}

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
    'write implement create build code generate make develop add give show program need want provide compute calculate get produce ' +
    'schreib schreibe erstelle implementiere programmiere baue entwickle gib zeig écris écrivez crée créez génère implémente donne montre code ' +
    'escribe crea genera implementa haz programa dame escreva crie gere implemente faça scrivi crea genera implementa dammi ' +
    'schrijf maak napisz stwórz zrób напиши создай реализуй сделай',
  'make-last':
    'schreiben erstellen implementieren programmieren entwickeln écrire créer escribir crear criar escrever scrivere creare schrijven maken napisać написать создать yaz yazar',
  mend:
    'fix debug refactor optimize optimise rewrite port convert migrate review simplify speed test solve improve correct ' +
    'behebe korrigiere optimiere verbessere corrige corrigez optimise corrige arregla mejora corrija otimize correggi ottimizza popraw исправь оптимизируй',
  program:
    'function functions subroutine regex regexp dockerfile makefile webhook middleware endpoint unittest codebase changelog ' +
    'yaml html css sql boilerplate usestate decorator iterator generator typeguard linkedlist hashmap ' +
    'funktion unterprogramm fonction función funcion función função funcao funzione functie funkcję funkcja функцию функция fonksiyon',
  'maybe-program':
    'code class classes script program method algorithm query queries component module test tests app application website webpage page api cli bot ' +
    'server client parser compiler loop interface struct macro snippet library plugin schema migration table command formula calculator game struct ' +
    'skript klasse programm methode algorithmus abfrage programme classe méthode requête script código codigo clase programa método metodo consulta ' +
    'algoritmo codice programma classe kod skrypt program klasę код скрипт программу класс kodu programı',
  prose:
    'poem story essay letter email mail song haiku joke recipe speech blog article summary novel lyrics toast review plan list paragraph caption slogan tweet ' +
    'headline description biography cv resume menu itinerary quiz dialogue screenplay newsletter outline post overview explanation ' +
    'gedicht brief geschichte aufsatz rede lied witz rezept zusammenfassung poème lettre histoire discours recette résumé blague ' +
    'poema carta historia cuento receta discurso resumen história receita poesia lettera storia ricetta gedicht wiersz list стихотворение письмо рассказ рецепт',
  technical:
    'javascript typescript python golang kotlin php html css sql regex json yaml react angular vue svelte django flask fastapi numpy pandas pytorch tensorflow ' +
    'kubernetes docker bash powershell zsh git github gitlab npm pnpm postgres postgresql mysql sqlite mongodb redis async webpack vite c++ c# f# .net haskell perl lua ' +
    'matlab vba terraform nginx jquery nodejs node.js next.js cuda java graphql websocket http oauth jwt cron xpath selenium playwright pytest jest recursion ' +
    'recursive array arrays boolean integer stdin stdout csv dataframe dict tuple linux unix tailwind rust regexp middleware crud spring laravel rails ansible dataframes excel leetcode lru quicksort mergesort ci eslint prettier div flexbox jsx tsx kafka rabbitmq selector xml sudo ssh localhost repo pip conda jupyter cmake gcc clang gradle maven vim neovim tmux unicode utf-8 runtime',
  behaves:
    'prints sorts parses reads returns calculates computes counts checks converts downloads fetches validates reverses implements represents handles accepts ' +
    'returning finds removes filters merges generates iterates logs reverse sort parse iterate ausgibt sortiert berechnet prüft zurückgibt liest trie calcule affiche renvoie ' +
    'imprime ordena calcula devuelve retorna ordina stampa restituisce сортирует выводит считает возвращает',
  trouble:
    'bug bugs error errors segmentation exiting fails failing failed conflict err exception segfault stacktrace traceback crash crashes crashing undefined null nullpointerexception compile compiles compiler fehler fehlermeldung erreur ' +
    'excepción erro errore ошибка ошибку',
  embed: 'embed vectorize vectorise',
  vectors: 'embedding embeddings',
  text: 'text texts sentence sentences document documents passage passages paragraph string strings phrase following words query',
}

/** Words before or after `code`, `program` … that make them something else. */
const OTHER_MEANINGS: Readonly<Record<string, string>> = {
  code: 'dress zip postal tax promo discount qr morse bar penal civil building area country access entry moral honor honour genetic color colour swift coupon legal criminal secret error pin security of',
  class:
    'yoga cooking fitness dance school art first middle working upper world english history math business economy spanish swimming master',
  program:
    'tv television radio training exercise workout fitness loyalty scout school rehab space government mentoring exchange wedding concert summer volunteer',
  script:
    'movie film tv play theatre theater podcast video sales phone call youtube cursive screenplay comedy',
  test: 'blood pregnancy driving covid math history iq personality eye drug hearing english vocabulary',
  function: 'of',
  functions: 'of',
  game: 'board card party drinking football video ball',
  table: 'dining coffee kitchen multiplication periodic times',
  plan: 'query',
  method: 'teaching scientific contraceptive of',
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

import type { Random } from '../random.ts'

export const WORDS =
  'user item order total count price name data value index result list node key file path line text page cart token score date input output config buffer event row cell point city book player image message email customer account product session level size width color amount'.split(
    ' ',
  )
export const VERBS =
  'get set load save find make parse read write send check sort merge add remove update render handle fetch compute build count filter print create delete validate open close start'.split(
    ' ',
  )
export const TECH =
  'Python Python Python JavaScript JavaScript JavaScript Java Java TypeScript TypeScript C C++ C++ C# Go Go Rust Rust Ruby PHP PHP Swift Kotlin Scala Perl Haskell R Dart Lua SQL SQL Bash PowerShell HTML CSS React React Vue Angular Svelte Node Node.js Next.js Django Flask FastAPI Spring Laravel Rails Express jQuery pandas numpy PyTorch TensorFlow Docker Kubernetes Postgres PostgreSQL MySQL SQLite MongoDB Redis GraphQL Elixir Clojure Julia MATLAB VBA Tailwind Bootstrap .NET Unity Godot Flutter Solidity Terraform golang python javascript java php sql OCaml Zig Assembly COBOL Fortran Kafka RabbitMQ Elasticsearch gRPC protobuf valgrind gdb CMake Gradle Maven webpack Vite ESLint Prettier Jest vitest pytest JUnit Mockito Cypress Playwright Selenium Storybook Prisma Sequelize Hibernate SQLAlchemy Celery Nginx Apache systemd cron ssh tmux vim Git GitHub GitLab Jenkins Ansible Helm kubectl AWS S3 Lambda Azure Firebase Supabase Vercel Netlify Heroku OAuth JWT WebSocket Electron Qt Tkinter pygame OpenCV OpenGL CUDA Arduino ESP32 STM32 Verilog VHDL LaTeX Excel LangChain scikit-learn Keras Spark Airflow dbt Snowflake BigQuery Neo4j Cassandra Oracle MariaDB htmx Astro Remix Nuxt NestJS Deno Bun Gin Actix tokio Symfony WordPress Drupal Shopify Salesforce Unreal Blender ffmpeg ImageMagick jq awk sed grep curl'.split(
    ' ',
  )
export const PLACES =
  'Paris Rome Berlin Vienna Norway Peru Japan Chile Egypt Lisbon Canada Kenya Madrid Athens Warsaw Mexico Boston London Ireland Brazil Dublin Cuba Nepal Milan Iran Bali Bath Texas Turkey Geneva'.split(
    ' ',
  )
export const ERRORS =
  'TypeError ValueError KeyError IndexError NameError AttributeError ImportError RuntimeError SyntaxError ReferenceError RangeError NullPointerException IllegalArgumentException IndexOutOfBoundsException IOException FileNotFoundException ArrayIndexOutOfBoundsException ClassCastException StackOverflowError ModuleNotFoundError ZeroDivisionError UnicodeDecodeError ArgumentException FormatException OutOfMemoryError PermissionError ConnectionError AssertionError NoMethodError'.split(
    ' ',
  )
export const ENDINGS =
  'py js ts tsx java go rs rb php c cpp h cs html css sh sql json yaml yml toml kt swift vue md'.split(' ')
export const MESSAGES = [
  'cannot read properties of undefined',
  'division by zero',
  'list index out of range',
  'invalid literal for int()',
  'unexpected token',
  'is not a function',
  'no such file or directory',
  'connection refused',
  'expected str, got int',
  'object is not iterable',
  'null',
  'permission denied',
  'unsupported operand',
  'not found',
]

export const cap = (word: string): string => word.slice(0, 1).toUpperCase() + word.slice(1)
export const word = (random: Random): string => random.pick(WORDS)
export const camel = (random: Random): string => random.pick(VERBS) + cap(word(random))
export const snake = (random: Random): string => `${random.pick(VERBS)}_${word(random)}`
export const letter = (random: Random): string => random.pick(Array.from('abcdefijkmnpqrstuvwxyz'))
export const name = (random: Random): string => random.pick([word, word, camel, snake, letter])(random)
export const number = (random: Random): string =>
  String(
    random.chance(0.7)
      ? random.below(20) + 1
      : random.chance(0.7)
        ? random.below(1_000)
        : random.below(100_000),
  )
export const file = (random: Random): string =>
  random.chance(0.15)
    ? random.pick([
        'package.json',
        'Dockerfile',
        'Makefile',
        'tsconfig.json',
        'requirements.txt',
        'index.html',
        'pom.xml',
        'Cargo.toml',
        'docker-compose.yml',
        'go.mod',
        '.env',
        'build.gradle',
        'webpack.config.js',
      ])
    : `${random.chance(0.3) ? `${word(random)}/` : ''}${name(random)}.${random.pick(ENDINGS)}`
export const string = (random: Random): string => {
  const quote = random.pick(['"', '"', "'"])
  return `${quote}${random.pick([word(random), `${word(random)}s`, 'hello', 'Hello, world', `${word(random)}: `, ''])}${quote}`
}
export const atom = (random: Random): string => random.pick([name, name, number, string])(random)
export const operator = (random: Random): string =>
  random.pick(['+', '-', '*', '/', '%', '==', '<', '>', '>=', '&&', '||', '!='])

export function expression(random: Random): string {
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

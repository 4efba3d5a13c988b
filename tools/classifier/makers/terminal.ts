import type { Random } from '../random.ts'
import {
  ENDINGS,
  ERRORS,
  MESSAGES,
  camel,
  cap,
  expression,
  file,
  letter,
  number,
  snake,
  word,
} from './names.ts'

export function trace(random: Random): string {
  const error = random.pick(ERRORS)
  const message = random.pick(MESSAGES)
  return random.pick([
    () =>
      `Traceback (most recent call last):\n  File "${file(random)}", line ${number(random)}, in ${random.pick(['<module>', snake(random)])}\n    ${expression(random)}\n${error}: ${message}`,
    () =>
      `${random.pick(['Uncaught ', '', 'Unhandled '])}${error}: ${message}\n    at ${camel(random)} (${file(random)}:${number(random)}:${number(random)})\n    at ${camel(random)} (node:internal/${word(random)}:${number(random)}:${number(random)})`,
    () =>
      `Exception in thread "main" java.lang.${error}: ${message}\n\tat com.${word(random)}.${cap(word(random))}.${camel(random)}(${cap(word(random))}.java:${number(random)})\nCaused by: java.io.${error}`,
    () =>
      `error[E0${number(random)}]: ${message}\n --> src/${file(random)}:${number(random)}:${number(random)}\n  |\n${number(random)} |     let ${letter(random)} = ${expression(random)};\n  |         ^ ${message}`,
    () =>
      `panic: runtime error: ${message}\n\ngoroutine ${number(random)} [running]:\nmain.${camel(random)}()\n\t${file(random)}:${number(random)} +0x${number(random)}`,
    () => `${file(random)}:${number(random)}:${number(random)}: error: ${message}`,
    () =>
      `${file(random)}(${number(random)},${number(random)}): error ${random.pick(['TS', 'CS', 'C'])}${number(random)}: ${message}`,
    () => `${error}: ${message}`,
    () => `${word(random)}.${word(random)}.${error}: ${message}`,
    () => `npm ERR! code ${random.pick(['ERESOLVE', 'ENOENT', 'E404', 'ELIFECYCLE'])}\nnpm ERR! ${message}`,
    () => `make: *** [${word(random)}] Error ${number(random)}`,
    () => `Segmentation fault (core dumped)`,
    () =>
      `fatal: ${random.pick(['not a git repository', 'remote origin already exists', "couldn't find remote ref", 'unable to access repository'])}`,
    () => `bash: ${word(random)}: command not found`,
    () =>
      `PHP ${random.pick(['Warning', 'Fatal error', 'Notice'])}:  ${message} in /var/www/${word(random)}.php on line ${number(random)}`,
    () => `[ERROR] ${message} (${file(random)}:${number(random)})\nBUILD FAILED`,
    () => `thread 'main' panicked at '${message}', src/main.rs:${number(random)}:${number(random)}`,
    () =>
      `/usr/bin/ld: cannot find -l${word(random)}: No such file or directory\n${file(random)}: undefined reference to ${snake(random)}`,
    () =>
      `System.${error}: ${message}\n   at ${cap(word(random))}.${cap(camel(random))}() in ${file(random)}:line ${number(random)}`,
    () => `Error: Cannot find module '${word(random)}'`,
    () =>
      `${random.pick(['ECONNREFUSED', 'EADDRINUSE', 'ENOENT', 'ETIMEDOUT', 'EACCES'])} 127.0.0.1:${number(random)}`,
  ])()
}

export function shellLine(random: Random): string {
  const w = (): string => word(random)
  const line = random.pick([
    () =>
      `${random.pick(['npm', 'pnpm', 'yarn'])} ${random.pick(['install', 'run build', 'test', 'start', 'run dev', 'ci', `add ${w()}`])}`,
    () => `pip install ${random.pick(['numpy', 'pandas', w()])}`,
    () =>
      `git ${random.pick(['push origin main', 'pull --rebase', `checkout -b ${w()}`, 'status', 'log --oneline', 'stash', 'reset --hard HEAD~1', `commit -m "${w()}"`, 'rebase -i HEAD~3', `merge ${w()}`, 'diff --staged', 'clone git@example.com:a/b.git'])}`,
    () =>
      `docker ${random.pick(['build -t app .', 'ps -a', `run -p ${number(random)}:80 ${w()}`, 'compose up -d', `exec -it ${w()} sh`, 'logs -f web'])}`,
    () =>
      `kubectl ${random.pick(['get pods', `apply -f ${w()}.yaml`, `describe pod ${w()}`, `logs ${w()}-0`, 'rollout restart deployment/web'])}`,
    () =>
      `sudo ${random.pick(['apt-get update', 'systemctl status nginx', `apt install ${w()}`, `chown -R me ${w()}`, 'journalctl -xe'])}`,
    () => `find . -type f -name "*.${random.pick(ENDINGS)}" | xargs grep ${w()}`,
    () => `grep -${random.pick(['r', 'i', 'rn', 'v'])} "${w()}" ${file(random)}`,
    () =>
      `cat ${file(random)} | ${random.pick(['sort | uniq -c', `grep ${w()}`, 'wc -l', "awk '{print $1}'", 'head -n 5'])}`,
    () =>
      `curl -${random.pick(['X POST', 's', 'I', 'H "Accept: application/json"'])} http://localhost:${number(random)}/${w()}`,
    () => `chmod ${random.pick(['+x', '755', '644'])} ${file(random)}`,
    () => `ssh ${w()}@${w()}.example.com -p ${number(random)}`,
    () => `tar -${random.pick(['xzf', 'czf', 'xvf'])} ${w()}.tar.gz`,
    () => `rsync -av ${w()}/ ${w()}:/srv/${w()}`,
    () => `sed -i 's/${w()}/${w()}/g' ${file(random)}`,
    () => `ls -l${random.pick(['', 'a', 'h'])} ${w()}/`,
    () => `rm -rf ${random.pick(['node_modules', 'dist', `./${w()}`])}`,
    () => `export ${w().toUpperCase()}_KEY=${w()}`,
    () => `python ${random.pick(['-m venv .venv', file(random), '-m pip list', 'manage.py migrate'])}`,
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

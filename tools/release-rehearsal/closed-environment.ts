import { mkdirSync, writeFileSync } from 'node:fs'
import { devNull } from 'node:os'
import { join } from 'node:path'
import { workspaceEnv } from '../setup/workspace.mjs'
import type { Registry } from './registry.ts'
import type { Tripwire } from './tripwire.ts'

/** What a command needs of this machine; all else stays out, and with it every token and setting of a person. */
const KEPT = /^(?:path|pathext|systemroot|comspec|tmpdir|temp|tmp|lang|lc_all)$/i

/**
 * The environment that every command of the rehearsal runs in: an empty home, the registry on loopback as the
 * only one and with its token only, and the tripwire as the way to every other host.
 */
export function closedEnvironment(home: string, registry: Registry, tripwire: Tripwire): NodeJS.ProcessEnv {
  mkdirSync(home, { recursive: true })
  const npmrc = join(home, '.npmrc')
  const address = `${registry.url}/`
  writeFileSync(
    npmrc,
    [
      `registry=${address}`,
      `${address.replace('http:', '')}:_authToken=${registry.token}`,
      'audit=false',
      'fund=false',
      'update-notifier=false',
      '',
    ].join('\n'),
  )
  const kept = Object.entries(workspaceEnv()).filter(([name]) => KEPT.test(name))
  const settings = { registry: address, userconfig: npmrc, globalconfig: join(home, 'global-npmrc') }
  return {
    ...Object.fromEntries(kept),
    ...forTool('npm_config', { ...settings, cache: join(home, 'npm-cache') }),
    ...forTool('pnpm_config', {
      ...settings,
      store_dir: join(home, 'pnpm-store'),
      cache_dir: join(home, 'pnpm-cache'),
      verify_deps_before_run: 'false',
    }),
    ...wayOut(tripwire.url),
    HOME: home,
    USERPROFILE: home,
    XDG_CONFIG_HOME: join(home, 'config'),
    XDG_DATA_HOME: join(home, 'data'),
    XDG_CACHE_HOME: join(home, 'cache'),
    GIT_CONFIG_GLOBAL: devNull,
    GIT_CONFIG_SYSTEM: devNull,
    GIT_AUTHOR_NAME: 'Maintainer',
    GIT_AUTHOR_EMAIL: 'maintainer@example.com',
    GIT_COMMITTER_NAME: 'Maintainer',
    GIT_COMMITTER_EMAIL: 'maintainer@example.com',
    CI: 'true',
    NO_COLOR: '1',
  }
}

function forTool(prefix: string, settings: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(Object.entries(settings).map(([name, value]) => [`${prefix}_${name}`, value]))
}

function wayOut(proxy: string): Record<string, string> {
  const loopback = '127.0.0.1,localhost'
  return {
    HTTP_PROXY: proxy,
    HTTPS_PROXY: proxy,
    NO_PROXY: loopback,
    http_proxy: proxy,
    https_proxy: proxy,
    no_proxy: loopback,
    // Without it Node's own `fetch` minds none of them.
    NODE_USE_ENV_PROXY: '1',
  }
}

import type { Server } from 'node:http'
import { join } from 'node:path'
import { runServer } from 'verdaccio'
import { closed, listen } from './tripwire.ts'

/** A version as the registry tells it to package managers. */
export interface PublishedVersion {
  readonly name: string
  readonly version: string
  /** The text of `npm deprecate`; empty or absent when there is none. */
  readonly deprecated?: string
  readonly dependencies?: Readonly<Record<string, string>>
  readonly peerDependencies?: Readonly<Record<string, string>>
  readonly openmux?: unknown
  readonly dist: { readonly tarball: string; readonly integrity: string }
}

/** What the registry knows of a package. */
export interface Packument {
  readonly 'dist-tags': Readonly<Record<string, string>>
  readonly versions: Readonly<Record<string, PublishedVersion>>
}

/** A npm registry on loopback that holds what was published to it and asks no other. */
export interface Registry {
  readonly url: string
  /** Lets its bearer publish and deprecate. */
  readonly token: string
  /** What is known of a package; undefined when it was never published. */
  packument(name: string): Promise<Packument | undefined>
  tarball(version: PublishedVersion): Promise<Uint8Array>
  close(): Promise<void>
}

/** Starts a registry in an empty folder. */
export async function startRegistry(folder: string): Promise<Registry> {
  const server: Server = await runServer({
    configPath: join(folder, 'config.yaml'),
    storage: join(folder, 'storage'),
    auth: { htpasswd: { file: join(folder, 'htpasswd'), algorithm: 'sha1' } },
    // Nobody to ask: what is not published here does not exist.
    uplinks: {},
    packages: { '**': { access: '$all', publish: '$authenticated' } },
    web: { enable: false },
    log: { type: 'file', path: join(folder, 'registry.log'), format: 'json', level: 'warn' },
  })
  const url = await listen(server)
  const token = await register(url)
  return {
    url,
    token,
    packument: async (name) => {
      const response = await fetch(`${url}/${name.replace('/', '%2f')}`)
      if (response.status === 404) return undefined
      if (!response.ok) throw new Error(`${name}: the registry answers ${response.status}`)
      return (await response.json()) as Packument
    },
    tarball: async ({ dist }) => new Uint8Array(await (await fetch(dist.tarball)).arrayBuffer()),
    close: () => closed(server),
  }
}

/** Makes an account, as `npm adduser` does, and gives its token. */
async function register(url: string): Promise<string> {
  const account = { name: 'maintainer', password: 'only for this rehearsal' }
  const response = await fetch(`${url}/-/user/org.couchdb.user:${account.name}`, {
    method: 'PUT',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(account),
  })
  const { token } = (await response.json()) as { token?: string }
  if (token === undefined) throw new Error(`the registry gave no token (status ${response.status})`)
  return token
}

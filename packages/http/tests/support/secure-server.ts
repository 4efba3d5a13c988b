import { createServer } from 'node:https'
import type { RequestListener } from 'node:http'
import type { AddressInfo } from 'node:net'
import { getCACertificates, setDefaultCACertificates } from 'node:tls'
import type { Identity } from './certificate.js'

/** A real HTTPS server on loopback. */
export interface SecureServer {
  readonly port: number
  close(): Promise<void>
}

export async function secureServer(identity: Identity, listener: RequestListener): Promise<SecureServer> {
  const server = createServer(identity, listener)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  return {
    port,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}

/** Has this process trust what the identities say, until the function given back is called. */
export function trust(...identities: readonly Identity[]): () => void {
  const before = getCACertificates('default')
  setDefaultCACertificates([...before, ...identities.map(({ cert }) => cert)])
  return () => setDefaultCACertificates(before)
}

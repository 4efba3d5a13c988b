/**
 * The memory of this machine in bytes, when the server runs on it and this is Node (or Bun, or
 * Deno); undefined elsewhere. Graphics memory is not known here.
 */
export function localMemoryBytes(isLoopback: boolean): number | undefined {
  if (!isLoopback || typeof process === 'undefined') return undefined
  // Asked for at run time, so that this package loads in a browser too.
  const os: unknown = process.getBuiltinModule?.('node:os')
  if (typeof os !== 'object' || os === null || !('totalmem' in os) || typeof os.totalmem !== 'function')
    return undefined
  const bytes: unknown = os.totalmem()
  return typeof bytes === 'number' && bytes > 0 ? bytes : undefined
}

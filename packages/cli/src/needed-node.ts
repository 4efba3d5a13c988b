/** The Node.js that is needed, as `engines` of the package says; a test holds the two together. */
export const NEEDED_NODE = '22.19'

/** What to tell somebody whose Node.js is too old; undefined when it is not. npm only warns when it installs. */
export function tooOldNode(version: string): string | undefined {
  const [major = 0, minor = 0] = version.split('.').map(Number)
  const [neededMajor = 0, neededMinor = 0] = NEEDED_NODE.split('.').map(Number)
  if (major > neededMajor || (major === neededMajor && minor >= neededMinor)) return undefined
  return `error openmux needs Node.js ${NEEDED_NODE} or newer; this is ${version}.\n  → Install a newer one (https://nodejs.org), and run the same command again.\n`
}

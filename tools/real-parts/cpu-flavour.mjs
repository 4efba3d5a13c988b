// @ts-check
import { readFileSync } from 'node:fs'

/** What every x86 server and desktop since about 2015 can do, as the kernel and the compiler name it. */
const AVX2 = { needs: ['avx2', 'fma', 'f16c', 'bmi2'], flags: '-mavx2 -mfma -mf16c -mbmi2' }

/**
 * How to build for this processor. A plain Go build uses none of its vector instructions on x86, and
 * the models then run several times slower. The name becomes part of the binary's folder: a cache
 * that is carried to an older machine is not run there, but built anew.
 * @returns {{ name: string, flags: string }}
 */
export function cpuFlavour() {
  if (process.platform !== 'linux' || process.arch !== 'x64') return { name: process.arch, flags: '' }
  const known = /^flags\s*:(.*)$/m.exec(readFileSync('/proc/cpuinfo', 'utf8'))?.[1]?.split(' ') ?? []
  const hasAvx2 = AVX2.needs.every((flag) => known.includes(flag))
  return hasAvx2 ? { name: 'x64-avx2', flags: AVX2.flags } : { name: 'x64', flags: '' }
}

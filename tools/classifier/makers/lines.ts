import type { Random } from '../random.ts'

/** Some lines of program text. */
export type Lines = (random: Random) => readonly string[]

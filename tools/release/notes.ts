/*
 * `node tools/release/notes.ts @openmux/core@0.2.0`: the release notes of one version, by its tag: what the changelog
 * of its package says about it.
 */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { workspacePackages } from '../setup/build-closure.mjs'
import { sectionOf } from './changelog-problems.ts'

const [tag = ''] = process.argv.slice(2)
const [, name = '', version = ''] = /^(.+)@([^@]+)$/.exec(tag) ?? []
const folder = workspacePackages().get(name)?.folder
const notes =
  folder === undefined ? undefined : sectionOf(readFileSync(join(folder, 'CHANGELOG.md'), 'utf8'), version)
if (notes === undefined) {
  console.error(`no changelog tells of "${tag}"; a tag is the name of a package, @ and its version`)
  process.exitCode = 1
} else console.log(notes)

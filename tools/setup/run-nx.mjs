// @ts-check
import { join } from 'node:path'
import { capture, run } from './run.mjs'
import { readJson, root, workspaceNode } from './workspace.mjs'

/** @param {readonly string[]} args */
export function runNx(args) {
  return run(workspaceNode, [nxScript(), ...args])
}

/**
 * Runs nx and keeps what it prints, for the caller to show or to leave.
 * @param {readonly string[]} args
 * @param {import('./run.mjs').RunOptions} [options]
 */
export function captureNx(args, options) {
  return capture(workspaceNode, [nxScript(), ...args], options)
}

export function nxScript() {
  const nx = join(root, 'node_modules', 'nx')
  return join(nx, readJson(join(nx, 'package.json')).bin.nx)
}

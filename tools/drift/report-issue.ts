/*
 * `node tools/drift/report-issue.ts --report FILE [--previous FILE] [--live FILE] [--dry-run]`: keeps one issue about
 * what disagrees with the manifests. Reads GITHUB_TOKEN, GITHUB_REPOSITORY and, as a workflow sets them, GITHUB_API_URL,
 * GITHUB_SERVER_URL and GITHUB_RUN_ID. Ends with 0 when what was to be done is done, and 1 with the reason otherwise.
 */
import { reportIssue } from './run.ts'

process.exitCode = await reportIssue({
  args: process.argv.slice(2),
  env: process.env,
  say: (line) => console.log(line),
  complain: (line) => console.error(line),
})

/** The exit codes in the help. `docs/cli.md` has the whole story. */
export const EXIT_HELP = `Exit codes:
  0 answered   1 fault in OpenMux   2 wrong command, input or configuration
  3 nothing can answer: setup needed   4 what was tried failed
  5 answer not whole   6 a back end is not what its package says (probe)
  124 timeout   130 interrupted   143 terminated`

/** `local`: prompts stay on this machine or a server the user runs. `remote`: they leave it. */
export type Locality = 'local' | 'remote'

/** An open issue, as far as it is needed. */
export interface OpenIssue {
  readonly number: number
  readonly title: string
  readonly body: string
}

/** What can be done with issues of one repository. */
export interface IssuesClient {
  /** All open issues with a label, over all pages; no pull requests. */
  openIssues(label: string): Promise<readonly OpenIssue[]>
  /** Makes the label when it is not there. */
  ensureLabel(name: string, color: string, description: string): Promise<void>
  /** Its number. */
  create(title: string, body: string, labels: readonly string[]): Promise<number>
  update(number: number, title: string, body: string): Promise<void>
  comment(number: number, body: string): Promise<void>
  close(number: number, reason: 'completed' | 'duplicate'): Promise<void>
}

import type { Action } from './decide.ts'
import { LABEL } from './decide.ts'
import type { IssuesClient } from './issues-client.ts'

/** Does what was decided, and says what was done. */
export async function act(action: Action, client: IssuesClient): Promise<string> {
  switch (action.kind) {
    case 'nothing':
      await closeDuplicates(action.duplicates, client)
      return `nothing to do: ${action.why}`
    case 'create': {
      await client.ensureLabel(
        LABEL,
        'd93f0b',
        'An upstream service differs from what our packages say of it.',
      )
      const number = await client.create(action.title, action.body, [LABEL])
      return `opened issue ${number}`
    }
    case 'update':
      await client.update(action.number, action.title, action.body)
      await client.comment(action.number, action.comment)
      await closeDuplicates(action.duplicates, client)
      return `updated issue ${action.number}`
    case 'close':
      for (const number of action.numbers) {
        await client.comment(number, action.comment)
        await client.close(number, 'completed')
      }
      return `closed issue ${action.numbers.join(', ')}`
  }
}

async function closeDuplicates(numbers: readonly number[], client: IssuesClient): Promise<void> {
  for (const number of numbers) await client.close(number, 'duplicate')
}

/** Where the tables are published. */
export const PAGE = new URL('../../../docs/guide.md', import.meta.url)

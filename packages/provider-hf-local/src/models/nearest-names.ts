/** Up to two of `names` that look like what somebody meant by `text`, nearest first. */
export function nearestNames(text: string, names: readonly string[]): readonly string[] {
  const wanted = text.toLowerCase().slice(0, 100)
  return [...new Set(names)]
    .map((name) => {
      const known = name.toLowerCase()
      const short = known.split('/').at(-1) ?? known
      const distance = Math.min(editDistance(wanted, known), editDistance(wanted, short))
      const contained = known.includes(wanted) || wanted.includes(short)
      return { name, distance: contained ? 0 : distance }
    })
    .filter(({ distance }) => distance <= Math.max(2, Math.floor(wanted.length / 3)))
    .toSorted((one, other) => one.distance - other.distance)
    .slice(0, 2)
    .map(({ name }) => name)
}

/** Letters to add, drop or change to make one text of the other. */
export function editDistance(one: string, other: string): number {
  let row = Array.from({ length: other.length + 1 }, (_unused, place) => place)
  for (let i = 1; i <= one.length; i++) {
    const next = [i]
    for (let j = 1; j <= other.length; j++) {
      const change = (row[j - 1] ?? 0) + (one[i - 1] === other[j - 1] ? 0 : 1)
      next.push(Math.min(change, (row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1))
    }
    row = next
  }
  return row[other.length] ?? 0
}

// The known word that a person most likely meant: for suggestions in messages, never for decisions.

/** Nobody misspells a word longer than this; a damaged file may hold one. */
const longestSlip = 100

/** The nearest of the words by spelling, ignoring case; null where none is near enough to be a slip. */
export function nearest(word: string, words: Iterable<string>): string | null {
  const written = word.toLowerCase()
  if (written.length > longestSlip) return null
  let best: string | null = null
  let least = Math.max(1, Math.floor(written.length / 3)) + 1
  for (const known of words) {
    const steps = distance(written, known.toLowerCase())
    if (steps < least) [best, least] = [known, steps]
  }
  return best
}

/** “ Did you mean contact?”, to stand after a sentence that says what is not known; empty where nothing is near. */
export function didYouMean(word: string, words: Iterable<string>): string {
  const meant = nearest(word, words)
  return meant === null ? '' : ` Did you mean ${meant}?`
}

/** Slips between two words: letters added, dropped, changed, or two neighbours swapped. */
function distance(a: string, b: string): number {
  const at = (row: readonly number[] | undefined, index: number) => row?.[index] ?? 0
  const rows = [Array.from({ length: b.length + 1 }, (_, index) => index)]
  for (let i = 1; i <= a.length; i++) {
    const row = [i]
    for (let j = 1; j <= b.length; j++) {
      const change = at(rows[i - 1], j - 1) + (a[i - 1] === b[j - 1] ? 0 : 1)
      const isSwap = i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]
      const swap = isSwap ? at(rows[i - 2], j - 2) + 1 : change
      row.push(Math.min(change, swap, at(rows[i - 1], j) + 1, at(row, j - 1) + 1))
    }
    rows.push(row)
  }
  return at(rows[a.length], b.length)
}

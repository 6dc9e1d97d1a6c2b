// The known word that a person most likely meant: for suggestions in messages, never for decisions.

/** The nearest of the words by spelling, ignoring case; null where none is near enough to be a slip. */
export function nearest(word: string, words: Iterable<string>): string | null {
  const written = word.toLowerCase()
  let best: string | null = null
  let least = Math.max(1, Math.floor(written.length / 3)) + 1
  for (const known of words) {
    const steps = distance(written, known.toLowerCase())
    if (steps < least) [best, least] = [known, steps]
  }
  return best
}

/** Levenshtein: letters added, dropped or changed. */
function distance(a: string, b: string): number {
  let above = Array.from({ length: b.length + 1 }, (_, index) => index)
  for (let i = 1; i <= a.length; i++) {
    const row = [i]
    for (let j = 1; j <= b.length; j++) {
      const change = (above[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1)
      row.push(Math.min(change, (above[j] ?? 0) + 1, (row[j - 1] ?? 0) + 1))
    }
    above = row
  }
  return above[b.length] ?? 0
}

// What of the longest batteries runs in every `npm test`, which has to end within five minutes: each kind meets a share of the cases,
// no two neighbours the same one, and together they meet all. `npm run simulate` runs every case for every kind.

export const isSoak = process.env['AUXO_SOAK'] !== undefined

/** Whether the case of this number is one for this name: every so many-th. */
export function isInShare(name: string, number: number, every = 2): boolean {
  if (isSoak) return true
  const turn = [...name].reduce((sum, letter) => sum + letter.charCodeAt(0), 0)
  return (turn + number) % every === 0
}

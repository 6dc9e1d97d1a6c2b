// Small pieces of the sentences that findings are made of.

const listedMax = 3

/** "document 17", "documents 17, 18, 19 and 4 more". */
export function listed(noun: string, names: readonly string[]): string {
  const shown = names.slice(0, listedMax).join(', ')
  const more = names.length - listedMax
  const words = `${noun}${names.length === 1 ? '' : 's'} ${shown}`
  return more > 0 ? `${words} and ${more.toLocaleString('en')} more` : words
}

/** "3.6 MB", rounded up: what is above a limit does not read as the limit itself. */
export function megabytes(bytes: number): string {
  return `${(Math.ceil(bytes / 100_000) / 10).toFixed(1)} MB`
}

// The widths of tables: how wide text is on a screen, and how columns share what a terminal has. Printing is terminal.ts.

export interface Column {
  head: string
  align?: 'right'
  /** May be made narrower, and wraps then; the others keep what they hold whole. */
  isFlexible?: boolean
  /** Left out of a terminal that is too narrow, the last of them first; never where the table is piped. */
  isSpare?: boolean
}

/** Between two columns. */
const gap = 2

/** No flexible column gets narrower than this: below it nothing can be read. */
const flexibleMin = 12

/** Scripts and pictures whose characters take two columns. */
const wide =
  /[\u1100-\u115f\u2e80-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6\u{1f300}-\u{1faff}]/u
const markOnly = /\p{M}|\u200b|\u200d|\ufe0f/u

/** Columns that a text takes on a terminal. */
export function displayWidth(text: string): number {
  let width = 0
  for (const character of text) {
    if (!markOnly.test(character)) width += wide.test(character) ? 2 : 1
  }
  return width
}

/** The width that each column needs for its widest cell. */
export function naturalWidths(columns: readonly Column[], rows: readonly (readonly string[])[]): number[] {
  return columns.map((column, index) =>
    rows.reduce((width, row) => Math.max(width, displayWidth(row[index] ?? '')), displayWidth(column.head)),
  )
}

/** Which columns a terminal has room for, by their place: all, or without as many spare ones as it takes. */
export function fittingColumns(
  columns: readonly Column[],
  natural: readonly number[],
  available: number,
): number[] {
  let kept = columns.map((_, index) => index)
  const least = (index: number) =>
    columns[index]?.isFlexible ? Math.min(natural[index] ?? 0, flexibleMin) : (natural[index] ?? 0)
  const isTooWide = () => kept.reduce((sum, index) => sum + least(index), gap * (kept.length - 1)) > available
  while (isTooWide()) {
    const spare = kept.findLast((index) => columns[index]?.isSpare)
    if (spare === undefined) break
    kept = kept.filter((index) => index !== spare)
  }
  return kept
}

/** Takes what is too much from the widest flexible columns; without any the table stays too wide. */
export function fitWidths(
  columns: readonly Column[],
  natural: readonly number[],
  available: number,
): number[] {
  const widths = [...natural]
  let excess = widths.reduce((sum, width) => sum + width, 0) + gap * (widths.length - 1) - available
  while (excess > 0) {
    const index = widestFlexible(columns, widths)
    if (index === null) break
    widths[index] = (widths[index] ?? 0) - 1
    excess -= 1
  }
  return widths
}

function widestFlexible(columns: readonly Column[], widths: readonly number[]): number | null {
  let widest: number | null = null
  for (const [index, width] of widths.entries()) {
    if (!columns[index]?.isFlexible || width <= flexibleMin) continue
    if (widest === null || width > (widths[widest] ?? 0)) widest = index
  }
  return widest
}

/** A cell filled with spaces to its width. */
export function padCell(text: string, width: number, align: Column['align']): string {
  const space = ' '.repeat(Math.max(0, width - displayWidth(text)))
  return align === 'right' ? `${space}${text}` : `${text}${space}`
}

/** Text in lines of at most a width, broken at spaces; a longer word stands alone and whole. */
export function wrapText(text: string, width: number): string[] {
  const lines: string[] = []
  let line = ''
  for (const word of text.split(' ')) {
    if (line !== '' && displayWidth(line) + 1 + displayWidth(word) > width) {
      lines.push(line)
      line = word
    } else {
      line = line === '' ? word : `${line} ${word}`
    }
  }
  return [...lines, line]
}

/** As wrapText, with words that are too long cut into pieces: a cell must not push its neighbours away. */
export function wrapCell(text: string, width: number): string[] {
  const pieces = new RegExp(`.{1,${Math.max(1, Math.floor(width / widestCharacter(text)))}}`, 'gu')
  const words = text
    .split(' ')
    .flatMap((word) => (displayWidth(word) > width ? (word.match(pieces) ?? []) : word))
  return wrapText(words.join(' '), width)
}

function widestCharacter(text: string): number {
  return wide.test(text) ? 2 : 1
}

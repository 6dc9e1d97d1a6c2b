// What is wrong with an input file, in the words that a person reads. Problems are collected, so that one run names
// them all; how they become an exit code is the command's business.

/** Why a cell or a row is refused: a value, since a file may have many. */
export class Refusal {
  readonly reason: string

  constructor(reason: string) {
    this.reason = reason
  }
}

/** Why the whole file is refused, with the line where it shows. Reading stops there. */
export class FileRefused extends Error {
  override readonly name = 'FileRefused'
  readonly line: number | null

  constructor(message: string, line: number | null = null) {
    super(message)
    this.line = line
  }
}

export interface InputProblem {
  line: number | null
  column: string | null
  value: string | null
  reason: string
}

/** How many problems of one file are kept; the rest are counted. */
const keptProblems = 1000

export class ProblemList {
  readonly kept: InputProblem[] = []
  count = 0

  add(problem: InputProblem): void {
    this.count += 1
    if (this.kept.length < keptProblems) this.kept.push(problem)
  }
}

const shownLength = 60

/** "line 7, quantity “1,5”: write …". Long values are cut, line breaks shown as spaces. */
export function problemText(problem: InputProblem): string {
  const where = [
    problem.line === null ? null : `line ${problem.line}`,
    problem.column === null ? null : shownCell(problem.column, problem.value),
  ].filter((part) => part !== null)
  return where.length === 0 ? problem.reason : `${where.join(', ')}: ${problem.reason}`
}

function shownCell(column: string, value: string | null): string {
  return value === null || value.trim() === '' ? column : `${column} “${shorten(value)}”`
}

/** A value as it may stand inside a sentence. */
export function shorten(value: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what must not reach a terminal
  const plain = value.replaceAll(/[\u0000-\u001f\u007f-\u009f]/g, ' ')
  return plain.length > shownLength ? `${plain.slice(0, shownLength)}…` : plain
}

// Findings for people, told by their cause: 80 documents with one wrong account are one thing to do. JSON and CSV have them all.

import { groupFindings } from '../accounting/finding-groups.ts'
import type { Finding } from '../accounting/findings.ts'
import { countOf, kindNames } from '../accounting/kinds.ts'
import { firstOf } from './figures.ts'
import { type Printer, type Tone, toned } from './terminal.ts'

/** As many as one call has documents; where there are more, the page and the CSV have them all. */
const numbersMax = 100

const toneOf: Record<Finding['severity'], Tone> = { error: 'bad', warning: 'caution', information: 'faint' }

/** Each group as what is wrong with whom, why, and what to do; with Xero's own words where it was Xero that refused. */
export function printFindingGroups(printer: Printer, findings: readonly Finding[], indent: number): void {
  for (const group of groupFindings(findings)) {
    const { first } = group
    const numbers = group.subjects.map(({ number }) => number)
    const isOne = numbers.length === 1
    const head = isOne
      ? `${kindNames[first.kind].one} ${first.number}`
      : `${countOf(numbers.length, first.kind)}: ${firstOf(numbers, numbersMax)}`
    printer.entry(indent, toned(toneOf[first.severity], `${first.code}  `), head)
    printer.entry(indent + 2, isOne ? '' : 'For example: ', first.message)
    printer.entry(indent + 2, toned('faint', 'Why: '), first.why)
    printer.entry(indent + 2, toned('faint', 'To do: '), first.fix)
    for (const words of group.xeroMessages) printer.entry(indent + 2, toned('faint', 'Xero: '), words)
  }
}

// What `mock-export` tells (M1): first what the ledger and Xero do not both have on linked documents, which a person has to look at
// before anything is marked; then what is marked, kind by kind with its money.

import { longDate, type PlainDate } from '../accounting/calendar.ts'
import { kindNames, type ReportedKind, type ThingKind } from '../accounting/kinds.ts'
import { countText, moneyText } from './figures.ts'
import { type Column, type Piece, type Printer, toned } from './terminal.ts'

export interface MarkedKind {
  kind: ReportedKind
  documents: number
  totals: readonly { currency: string; total: string }[]
}

/** A line of what is not on both sides; amounts as decimal text. */
export interface UnpairedLine {
  document: string
  what: string
  id: string
  date: string | null
  amount: string
}

export interface LinksTold {
  linked: readonly { kind: ThingKind; id: string; number: string; xeroId: string }[]
  paired: number
  unpaired: { ledger: readonly UnpairedLine[]; xero: readonly UnpairedLine[] }
  /** Linked, with a total that is not the ledger's. */
  differences: readonly { number: string; ledger: string; xero: string }[]
  notLinked: readonly { kind: ThingKind; id: string; number: string; why: string }[]
}

export interface CutoverTold {
  entity: string
  before: PlainDate
  dryRun: boolean
  kinds: readonly MarkedKind[]
  left: { held: number; uncertain: number; drafts: number }
  /** Null without --link. */
  links: LinksTold | null
  /** The setting; null where there is none. */
  cutoverDate: PlainDate | null
}

export function printCutover(printer: Printer, told: CutoverTold): void {
  const { entity, before, dryRun, links } = told
  printer.line(
    toned('strong', `${entity}: everything dated before ${longDate(before)}`),
    dryRun ? toned('caution', ' (dry run, nothing is marked)') : '',
  )
  if (links) printLinks(printer, links)
  printMarked(printer, told)
  printLeft(printer, told)
}

/** Lists of a terminal's length; all of them stand in --json. */
const shownMax = 40

function printLinks(printer: Printer, links: LinksTold): void {
  const { unpaired, differences, notLinked } = links
  const isEven = unpaired.ledger.length + unpaired.xero.length === 0
  printer.line(
    toned(isEven ? 'good' : 'caution', '  Not on both sides: '),
    isEven ? 'nothing.' : 'look at these before anything is marked.',
  )
  const columns: Column[] = [
    { head: 'document', isFlexible: true },
    { head: 'what' },
    { head: 'id', isFlexible: true },
    { head: 'date' },
    { head: 'amount', align: 'right' },
  ]
  const cells = ({ document, what, id, date, amount }: UnpairedLine) => [
    document,
    what,
    id,
    date ?? '',
    moneyText(amount),
  ]
  list(
    printer,
    'In the ledger and not in Xero: stays in the ledger, is never sent',
    columns,
    unpaired.ledger.map(cells),
  )
  list(
    printer,
    'In Xero and not in the ledger: comes back with the next pull',
    columns,
    unpaired.xero.map(cells),
  )
  list(
    printer,
    'Open in the ledger and not linked: what is paid on it later waits',
    [
      { head: 'document', isFlexible: true },
      { head: 'why', isFlexible: true },
    ],
    notLinked.map(({ kind, number, why }) => [`${kindNames[kind].one} ${number}`, why]),
  )
  list(
    printer,
    'Linked, with another total in Xero',
    [
      { head: 'document', isFlexible: true },
      { head: 'ledger', align: 'right' },
      { head: 'Xero', align: 'right' },
    ],
    differences.map(({ number, ledger, xero }) => [number, moneyText(ledger), moneyText(xero)]),
  )
  printer.line(
    `  Linked with Xero: ${countText(links.linked.length)} open ${links.linked.length === 1 ? 'document' : 'documents'}, and ${countText(links.paired)} payments and credits on them.`,
  )
}

function list(
  printer: Printer,
  title: string,
  columns: readonly Column[],
  rows: readonly (readonly Piece[])[],
): void {
  if (rows.length === 0) return
  printer.line(toned('strong', `  ${title} (${countText(rows.length)})`))
  printer.table(columns, rows.slice(0, shownMax), 4)
  if (rows.length > shownMax)
    printer.line(`    and ${countText(rows.length - shownMax)} more: --json lists them all`)
}

function printMarked(printer: Printer, { kinds, dryRun }: CutoverTold): void {
  if (kinds.length === 0) {
    printer.line('  Nothing to mark: all of it is marked or exported already.')
    return
  }
  printer.table(
    [
      { head: dryRun ? 'would be marked' : 'marked as exported' },
      { head: 'number', align: 'right' },
      { head: 'total', align: 'right' },
    ],
    kinds.map(({ kind, documents, totals }) => [
      kindNames[kind].many,
      countText(documents),
      kind === 'attachment'
        ? ''
        : totals.map(({ currency, total }) => `${moneyText(total)} ${currency}`).join(' + '),
    ]),
    2,
  )
}

function printLeft(printer: Printer, { left, before, cutoverDate }: CutoverTold): void {
  const { held, uncertain, drafts } = left
  const one = (count: number, text: string) => `${countText(count)} ${count === 1 ? 'is' : 'are'} ${text}`
  if (held > 0) printer.line(`  ${one(held, 'held back by hand and stay so.')}`)
  if (drafts > 0) printer.line(`  ${one(drafts, 'drafts, and go out once they are finished.')}`)
  if (uncertain > 0)
    printer.entry(
      2,
      toned('caution', 'Not marked: '),
      `${one(uncertain, 'waiting for a lost answer')}. Run auxo-sync export, which asks Xero, and then this again.`,
    )
  if (cutoverDate === before) return
  printer.entry(
    2,
    toned('faint', 'Next: '),
    `what is entered late with an earlier date would still go out. Keep it in the old books: auxo-sync settings set cutover_date ${before}`,
  )
}

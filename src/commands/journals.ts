// `journals`: the manual journals that people made in Xero, as they were last read, or those that Xero generated (R4). Xero is not
// asked; the ledger's own journals are not among them.

import type { Books } from '../accounting/books.ts'
import { type Cents, formatCents } from '../accounting/money.ts'
import { chooseEntities, readBooks } from '../ledger/books.ts'
import { findConnection } from '../ledger/connections.ts'
import {
  type JournalRecordLine,
  journalsReadAt,
  listGeneratedJournals,
  listManualJournals,
} from '../ledger/journal-records.ts'
import type { Ledger } from '../ledger/open.ts'
import { deepLink } from '../reporting/deep-link.ts'
import { durationText, moneyText } from '../reporting/figures.ts'
import { printable } from '../reporting/printable.ts'
import { type Column, type Piece, type Printer, toned } from '../reporting/terminal.ts'
import type { CommandContext, ExitCode } from './context.ts'
import { type PeriodFlags, periodOption } from './period.ts'
import { printerOf, writeJson } from './telling.ts'

export interface JournalsFlags extends PeriodFlags {
  generated?: boolean
}

/** A journal of either sort. */
interface ToldJournal {
  date: string | null
  lines: JournalRecordLine[]
  /** What stands beside its date, in the order of the heads. */
  cells: Piece[]
  json: object
}

interface Told {
  heads: Column[]
  journals: ToldJournal[]
  readAt: number | null
}

/**
 * With --json a line a journal: {"entity","id","date","status","narration","link"|null,"lines":[…]}, with --generated {"entity",
 * "number","date","reference","sourceType","sourceId","lines":[…]}; lines are {"account","description","amount","taxType","tax",
 * "tracking":[{"category","option"}]}, amounts without tax and debit above zero.
 */
export async function journalsCommand(context: CommandContext, flags: JournalsFlags): Promise<ExitCode> {
  return context.withLedger(async (ledger) => {
    const printer = context.flags.json ? null : await printerOf(context)
    const told = new Set<string>()
    for (const entity of await chooseEntities(ledger, context.flags.entity)) {
      const connection = await findConnection(ledger, entity.code)
      const books = await readBooks(ledger, entity, connection?.tenantId ?? null)
      // What entities share is told once.
      if (connection && told.has(connection.tenantId)) continue
      if (connection) told.add(connection.tenantId)
      const found = connection ? await findJournals(ledger, connection.tenantId, books, flags) : null
      sayAge(context, books, { readAt: found?.readAt ?? null, flags, now: ledger.clock.now() })
      if (!found) continue
      if (printer) printJournals(printer, books, found)
      else for (const { json } of found.journals) writeJson(context, { entity: entity.code, ...json })
    }
    return 0
  })
}

async function findJournals(
  ledger: Ledger,
  tenantId: string,
  books: Books,
  flags: JournalsFlags,
): Promise<Told> {
  const period = periodOption(flags)
  if (flags.generated) {
    const journals = await listGeneratedJournals(ledger, tenantId, period)
    return {
      heads: [{ head: 'number', align: 'right' }, { head: 'of' }, { head: 'reference', isFlexible: true }],
      journals: journals.map(({ lines, ...journal }) => ({
        date: journal.date,
        lines,
        cells: [String(journal.number), journal.sourceType ?? '', journal.reference ?? ''],
        json: { ...journal, lines: lines.map(lineJson) },
      })),
      readAt: await journalsReadAt(ledger, tenantId, 'generated_journals'),
    }
  }
  const journals = await listManualJournals(ledger, tenantId, period)
  const shortCode = books.mirror?.organisation.shortCode ?? null
  return {
    heads: [{ head: 'status' }, { head: 'narration', isFlexible: true }],
    journals: journals.map(({ xeroId, lines, ...journal }) => ({
      date: journal.date,
      lines,
      cells: [toned(journal.status === 'POSTED' ? 'good' : 'caution', journal.status), journal.narration],
      json: {
        id: xeroId,
        ...journal,
        link: deepLink('journal', xeroId, shortCode),
        lines: lines.map(lineJson),
      },
    })),
    readAt: await journalsReadAt(ledger, tenantId, 'manual_journals'),
  }
}

/** To stderr, also with --json: whether they are kept at all, and how old they are. */
function sayAge(
  context: CommandContext,
  { entity, settings, mirror }: Books,
  { readAt, flags, now }: { readAt: number | null; flags: JournalsFlags; now: number },
): void {
  if (context.flags.quiet) return
  const value = flags.generated ? 'generated' : 'manual'
  const isKept = settings.journals_pull === value || settings.journals_pull === 'generated'
  const turnOn = `auxo-sync settings set journals_pull ${value} keeps them from then on.`
  const said =
    readAt === null
      ? `no journals were read of Xero yet. ${isKept ? 'The next export reads them.' : turnOn}`
      : `${mirror?.organisation.name ?? 'Xero'} as it was ${durationText(now - readAt)} ago. ${isKept ? 'auxo-sync refresh reads it again.' : `It is not read any more: ${turnOn}`}`
  context.host.stderr.write(`${printable(`${entity.code}: ${said}`)}\n`)
}

function lineJson(line: JournalRecordLine) {
  return { ...line, amount: formatCents(line.amount), tax: formatCents(line.tax) }
}

function printJournals(printer: Printer, books: Books, { heads, journals, readAt }: Told): void {
  if (readAt === null) return
  if (journals.length === 0) {
    printer.line('No such journal.')
    return
  }
  printer.table(
    [
      { head: 'date' },
      ...heads,
      { head: 'account', isFlexible: true },
      { head: 'description', isFlexible: true, isSpare: true },
      { head: 'debit', align: 'right' },
      { head: 'credit', align: 'right' },
      { head: 'tax', align: 'right', isSpare: true },
    ],
    journals.flatMap((journal) => linesOf(journal, books)),
  )
}

/** A row a line; what belongs to the whole journal stands in the first. */
function linesOf({ date, cells, lines }: ToldJournal, books: Books): Piece[][] {
  const empty = cells.map(() => '')
  if (lines.length === 0) return [[date ?? '', ...cells, '', '', '', '', '']]
  return lines.map((line, index) => [
    index === 0 ? (date ?? '') : '',
    ...(index === 0 ? cells : empty),
    accountText(line.account, books),
    line.description ?? '',
    line.amount > 0 ? amountText(line.amount) : '',
    line.amount < 0 ? amountText(-line.amount) : '',
    line.tax === 0 ? '' : amountText(line.tax),
  ])
}

function amountText(amount: Cents | number): string {
  return moneyText(formatCents(amount))
}

function accountText(account: string | null, { mirror }: Books): string {
  if (account === null) return ''
  const known = mirror?.accounts.get(account)
  return known ? `${known.code ?? ''} ${known.name}`.trim() : account
}

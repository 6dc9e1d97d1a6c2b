// `contacts match`: what each unlinked contact of the ledger would be linked to in Xero (K4), and with --apply linking those that are
// sure. Which match is sure is mapping/contact-matching.ts.

import type { Books } from '../accounting/books.ts'
import type { BillingEntity } from '../accounting/documents.ts'
import { type ContactInQuestion, matchUnlinked } from '../batch/match-contacts.ts'
import { pullContacts } from '../batch/pull.ts'
import { chooseEntities, readBooks } from '../ledger/books.ts'
import type { Connection } from '../ledger/connections.ts'
import { whileLeased } from '../ledger/lease.ts'
import { recordLinks } from '../ledger/links.ts'
import type { Ledger } from '../ledger/open.ts'
import { type CommandContext, type ExitCode, whoOf } from './context.ts'
import { type OpenOrganisation, openOrganisation } from './open-organisation.ts'
import { chooseOrganisation, printerOf, writeJson } from './telling.ts'

export interface MatchFlags {
  apply?: boolean
}

/** Exit 1 where some are left for a person to decide. AuxoError where Xero cannot be asked what it has now. */
export async function matchContactsCommand(context: CommandContext, flags: MatchFlags): Promise<ExitCode> {
  return context.withLedger(async (ledger) => {
    const connection = await chooseOrganisation(ledger, context.flags.entity)
    const [entity] = await chooseEntities(ledger, connection.entity)
    if (!entity) throw new Error(`${connection.entity} is connected and no entity of the ledger`)
    const rows = await underLease(context, ledger, entity, async ({ gateway }) => {
      await pullContacts(ledger, gateway)
      const books = await readBooks(ledger, entity, connection.tenantId)
      return matchAll(context, ledger, books, connection.tenantId, flags.apply ?? false)
    })
    if (context.flags.json) for (const row of rows) writeJson(context, row)
    else if (!context.flags.quiet) await print(context, connection, rows, flags.apply ?? false)
    return rows.some((row) => row.outcome === 'ambiguous') ? 1 : 0
  })
}

/** One contact, as --json tells it. */
interface MatchRow {
  code: string
  name: string
  active: boolean
  outcome: 'match' | 'ambiguous' | 'none'
  linked: boolean
  /** What it is, or what it could be. */
  candidates: { xeroContactId: string; name: string }[]
  /** Why a person has to decide. */
  why: string | null
}

/** No run of the organisation goes on meanwhile: it would link, or make, the same contacts. */
async function underLease<Result>(
  context: CommandContext,
  ledger: Ledger,
  entity: BillingEntity,
  work: (organisation: OpenOrganisation) => Promise<Result>,
): Promise<Result> {
  const organisation = await openOrganisation(context, ledger, entity)
  try {
    const { connection, holder } = organisation
    return await whileLeased(ledger, connection.tenantId, holder, () => work(organisation))
  } finally {
    await organisation.gateway.close()
  }
}

async function matchAll(
  context: CommandContext,
  ledger: Ledger,
  books: Books,
  tenantId: string,
  isApplied: boolean,
): Promise<MatchRow[]> {
  const rows: MatchRow[] = []
  for await (const page of matchUnlinked(ledger, books, tenantId)) {
    if (isApplied) {
      const sure = page.flatMap(({ contact, match }) =>
        match.outcome === 'match' ? [{ contact: contact.code, xeroContactId: match.xeroContactId }] : [],
      )
      await recordLinks(ledger, tenantId, sure, { madeBy: 'match', who: whoOf(context.host), run: null })
    }
    rows.push(...page.map((one) => rowOf(one, isApplied)))
  }
  return rows
}

function rowOf({ contact, match, candidates }: ContactInQuestion, isApplied: boolean): MatchRow {
  const ids =
    match.outcome === 'match'
      ? [match.xeroContactId]
      : match.outcome === 'ambiguous'
        ? match.xeroContactIds
        : []
  return {
    code: contact.code,
    name: contact.name,
    active: contact.active,
    outcome: match.outcome,
    linked: isApplied && match.outcome === 'match',
    candidates: ids.map((id) => ({ xeroContactId: id, name: candidates.get(id)?.name ?? '' })),
    why: match.outcome === 'ambiguous' ? match.why : null,
  }
}

const outcomeWords: Record<MatchRow['outcome'], string> = {
  match: 'is',
  ambiguous: 'could be',
  none: 'not there',
}

async function print(
  context: CommandContext,
  { organisation }: Connection,
  rows: readonly MatchRow[],
  isApplied: boolean,
): Promise<void> {
  const printer = await printerOf(context)
  if (rows.length === 0) {
    printer.line(`Every contact of the ledger is linked in ${organisation}, or there is none.`)
    return
  }
  printer.table(
    [
      { head: 'code', isFlexible: true },
      { head: 'name', isFlexible: true },
      { head: 'in Xero' },
      { head: 'contact in Xero' },
      { head: 'its name', isFlexible: true },
      { head: 'why', isFlexible: true },
    ],
    rows.flatMap(linesOf),
  )
  const sure = rows.filter((row) => row.outcome === 'match').length
  const open = rows.filter((row) => row.outcome === 'ambiguous').length
  if (isApplied) printer.line(`Linked ${counted(sure)}.`)
  else if (sure > 0) printer.line(`${counted(sure)} can be linked for sure: auxo-sync contacts match --apply`)
  if (open > 0)
    printer.line(
      `${counted(open)} ${open === 1 ? 'is' : 'are'} yours to decide: auxo-sync contacts link CODE XERO_ID`,
    )
}

/** A line for each candidate; those that are not there are made when a document needs them. */
function linesOf({ code, name, outcome, candidates, why }: MatchRow): string[][] {
  const [first, ...others] = candidates
  return [
    [code, name, outcomeWords[outcome], first?.xeroContactId ?? '', first?.name ?? '', why ?? ''],
    ...others.map((one) => ['', '', '', one.xeroContactId, one.name, '']),
  ]
}

function counted(count: number): string {
  return `${count.toLocaleString('en')} ${count === 1 ? 'contact' : 'contacts'}`
}

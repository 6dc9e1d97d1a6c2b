// Checks the documents that wait, page by page: the same rules for `validate` and `export` (V3). What is wrong is
// recorded, what is right is handed on to the plan. The rules themselves are validation/.

import { currencyOf, xeroNumberOf } from '../accounting/books.ts'
import type { LedgerDocument } from '../accounting/documents.ts'
import type { Finding } from '../accounting/findings.ts'
import { isDocumentKind } from '../accounting/kinds.ts'
import { readDocuments } from '../ledger/documents.ts'
import {
  type CheckedThing,
  findFormerKinds,
  findSharedNumbers,
  markUnchanged,
  readWaiting,
  recordChecks,
  type WaitingThing,
} from '../ledger/things.ts'
import { documentHash } from '../mapping/facts.ts'
import { invoiceSizeBound } from '../mapping/size.ts'
import type { ExportedBefore } from '../validation/context.ts'
import { checkInvoice } from '../validation/rules.ts'
import type { PlannedThing } from './plan.ts'
import { type CheckScope, type ContactStanding, someOthers } from './scope.ts'

const pageSize = 200

export interface CheckOptions {
  /** The run that the findings belong to; null for `validate`. */
  run: number | null
  /** `states`: findings and states are recorded (export); `findings`: only those (validate); `nothing`: a dry run. */
  record: 'states' | 'findings' | 'nothing'
  onFindings: (findings: readonly Finding[]) => void
  onPage: (done: number, total: number) => void
}

export interface CheckReport {
  checked: number
  /** Nothing stands against sending these, in their order. */
  sendable: PlannedThing[]
  /** Money of the sendable, in cents by currency. */
  totals: Map<string, number>
  /** Contacts that sendable documents need and that are not linked yet. */
  contacts: Map<string, ContactStanding>
  failed: number
  skipped: number
}

/** Checks these sales invoices. Findings of every severity are told; only errors stand against sending. */
export async function checkInvoices(
  scope: CheckScope,
  ids: readonly string[],
  options: CheckOptions,
): Promise<CheckReport> {
  const report: CheckReport = {
    checked: 0,
    sendable: [],
    totals: new Map(),
    contacts: new Map(),
    failed: 0,
    skipped: 0,
  }
  for (let start = 0; start < ids.length; start += pageSize) {
    await checkPage(scope, ids.slice(start, start + pageSize), options, report)
    options.onPage(Math.min(start + pageSize, ids.length), ids.length)
  }
  return report
}

async function checkPage(
  scope: CheckScope,
  ids: readonly string[],
  options: CheckOptions,
  report: CheckReport,
): Promise<void> {
  const { ledger, books } = scope
  const owner = { entity: books.entity.code, kind: 'invoice' as const, run: options.run }
  const waiting = await readWaiting(ledger, { ...owner, ids })
  const documents = await readDocuments(ledger, ids)
  const standings = await scope.standings(
    [...documents.values()].flatMap((document) => document.contact ?? []),
  )
  const shared = await sharedNumbers(scope, [...documents.values()])
  const former = await findFormerKinds(ledger, { ...owner, ids })
  const checked: CheckedThing[] = []
  const unchanged: { id: string; revision: number }[] = []
  for (const id of ids) {
    const document = documents.get(id)
    const thing = waiting.get(id)
    if (!document || !thing) continue
    report.checked += 1
    if (thing.state === 'exported' && thing.sentFactsHash === documentHash(document)) {
      unchanged.push({ id, revision: thing.revision })
      continue
    }
    const standing = document.contact === null ? undefined : standings.get(document.contact)
    const findings = checkInvoice(document, {
      books,
      today: scope.today,
      contact: standing?.contact ?? null,
      contactLink: standing?.link ?? null,
      numberSharedBy: shared.get(id) ?? [],
      duplicatesOfName: standing?.duplicatesOfName ?? [],
      exportedBefore: exportedBefore(thing, former.get(id)),
    })
    const verdict = judge(document, findings, standing)
    checked.push(verdict)
    options.onFindings(verdict.findings)
    if (thing.state === 'exported') continue
    count(scope, report, { document, thing, verdict, standing })
  }
  if (options.record !== 'nothing') {
    await recordChecks(ledger, owner, checked, { moveStates: options.record === 'states' })
    await markUnchanged(ledger, owner, unchanged)
  }
}

/** A contact that cannot be created holds its documents back; their own errors come first. */
function judge(
  document: LedgerDocument,
  findings: Finding[],
  standing: ContactStanding | undefined,
): CheckedThing {
  const error = findings.find((finding) => finding.severity === 'error')
  if (error) return { id: document.id, verdict: 'failed', reason: error.message, findings }
  const against = standing?.findings.find((finding) => finding.severity === 'error')
  if (!against) return { id: document.id, verdict: null, reason: null, findings }
  const held: Finding = {
    ...against,
    kind: document.kind,
    id: document.id,
    number: document.number,
    field: 'contact',
  }
  return { id: document.id, verdict: 'failed', reason: against.message, findings: [...findings, held] }
}

function count(
  scope: CheckScope,
  report: CheckReport,
  one: {
    document: LedgerDocument
    thing: WaitingThing
    verdict: CheckedThing
    standing: ContactStanding | undefined
  },
): void {
  const { document, thing, verdict, standing } = one
  if (verdict.verdict !== null) {
    report[verdict.verdict] += 1
    return
  }
  report.sendable.push({
    id: document.id,
    revision: thing.revision,
    bytes: invoiceSizeBound(document, scope.books),
  })
  const currency = currencyOf(document, scope.books)
  report.totals.set(currency, (report.totals.get(currency) ?? 0) + document.total)
  if (standing && standing.link?.state !== 'linked') report.contacts.set(standing.contact.code, standing)
}

function exportedBefore(thing: WaitingThing, formerKind: string | undefined): ExportedBefore | null {
  if (thing.state === 'exported') return { kind: 'invoice', hash: thing.sentFactsHash }
  return formerKind !== undefined && isDocumentKind(formerKind) ? { kind: formerKind, hash: null } : null
}

/** Which other documents would have the same number in Xero, by id of ours (`number-duplicate`). */
async function sharedNumbers(
  scope: CheckScope,
  documents: readonly LedgerDocument[],
): Promise<Map<string, string[]>> {
  const numberInXero = (number: string, prefix: string) =>
    asciiUpper(prefix && !number.startsWith(prefix) ? `${prefix}${number}` : number)
  const written = new Set<string>()
  for (const document of documents) {
    // What has no number is a finding by itself, and very many may have none.
    if (document.number === '') continue
    const inXero = asciiUpper(xeroNumberOf(document.number, scope.books))
    written.add(inXero)
    // Another document may be written without the prefix that it will get.
    for (const prefix of scope.prefixes.values()) {
      if (prefix && inXero.startsWith(asciiUpper(prefix))) written.add(inXero.slice(prefix.length))
    }
  }
  const others = await findSharedNumbers(scope.ledger, {
    entities: [...scope.prefixes.keys()],
    kind: 'invoice',
    numbers: [...written],
  })
  const holders = new Map<string, string[]>()
  for (const other of others) {
    const key = numberInXero(other.number, scope.prefixes.get(other.entity) ?? '')
    const known = holders.get(key)
    if (known) known.push(other.id)
    else holders.set(key, [other.id])
  }
  return new Map(
    documents.map((document) => {
      const key = asciiUpper(xeroNumberOf(document.number, scope.books))
      return [document.id, someOthers(holders.get(key), document.id)]
    }),
  )
}

/** As SQLite's UPPER: only A to Z. */
function asciiUpper(text: string): string {
  return text.replaceAll(/[a-z]+/g, (letters) => letters.toUpperCase())
}

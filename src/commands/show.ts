// `show DOC`: one document's whole life (V7), found by its id or its number. That of a payment is show-payment.ts.

import { type DocumentKind, documentKinds, isDocumentKind, kindNames } from '../accounting/kinds.ts'
import { didYouMean, nearest } from '../accounting/nearest.ts'
import { readSettings } from '../accounting/settings.ts'
import { AuxoError } from '../errors.ts'
import { chooseEntities } from '../ledger/books.ts'
import { readDocumentMoney } from '../ledger/document-money.ts'
import { readContacts } from '../ledger/documents.ts'
import { readFindings } from '../ledger/findings.ts'
import { findLiveRuns, readCallsOf } from '../ledger/logged-calls.ts'
import {
  type FoundDocument,
  findDocuments,
  findOrganisation,
  listDocumentNumbers,
  readDocumentRows,
  readEvents,
} from '../ledger/looking-back.ts'
import type { Ledger } from '../ledger/open.ts'
import { readParents } from '../ledger/parents.ts'
import { readStoredSettings } from '../ledger/settings.ts'
import { readThings } from '../ledger/things.ts'
import { type FormInXero, formInXero } from '../mapping/form-in-xero.ts'
import { callJson } from '../reporting/calls-report.ts'
import { decimalColumns, inDecimals } from '../reporting/decimal-rows.ts'
import { deepLink } from '../reporting/deep-link.ts'
import { type DocumentLife, printDocument } from '../reporting/document-report.ts'
import { listText } from '../reporting/figures.ts'
import { type PaymentLife, printPayment } from '../reporting/payment-report.ts'
import type { CommandContext, ExitCode } from './context.ts'
import { findNamedPayment, readPaymentLife } from './show-payment.ts'
import { printerOf, timeZoneOf, writeJson } from './telling.ts'

export interface ShowFlags {
  kind?: string
}

export async function showCommand(
  context: CommandContext,
  document: string,
  flags: ShowFlags,
): Promise<ExitCode> {
  const kind = kindOption(flags.kind)
  return context.withLedger(async (ledger) => {
    const { entity } = context.flags
    if (entity !== undefined) await chooseEntities(ledger, entity)
    const payment = await findNamedPayment(ledger, document, entity)
    if (payment) {
      const life = await readPaymentLife(ledger, payment)
      if (context.flags.json) writeJson(context, lifeJson(life))
      else printPayment(await printerOf(context), life, await tellingOf(context, ledger, payment.entity))
      return 0
    }
    const found = await oneDocument(ledger, document, { kind, entity })
    const life = await readLife(ledger, found)
    if (context.flags.json) writeJson(context, lifeJson(life))
    else printDocument(await printerOf(context), life, await tellingOf(context, ledger, found.entity))
    return 0
  })
}

/** Where its times are told, and which of its calls are under way. */
export async function tellingOf({ host }: CommandContext, ledger: Ledger, entity: string) {
  const { hostname, isAlive } = host
  const live = await findLiveRuns(ledger, { host: hostname, isAlive })
  const [owner] = await chooseEntities(ledger, entity)
  return {
    zone: owner ? await timeZoneOf(ledger, owner) : 'UTC',
    isUnderWay: (call: { run: number | null }) => call.run !== null && live.has(call.run),
  }
}

function kindOption(word: string | undefined): DocumentKind | undefined {
  if (word === undefined || isDocumentKind(word)) return word
  throw new AuxoError(
    'usage',
    `There is no kind of document “${word}”.${didYouMean(word, documentKinds)} --kind takes: ${documentKinds.join(', ')}.`,
  )
}

interface Narrowing {
  kind: DocumentKind | undefined
  entity: string | undefined
}

/** AuxoError `usage` where none is meant, with those that may have been, or several. */
async function oneDocument(ledger: Ledger, reference: string, narrowing: Narrowing): Promise<FoundDocument> {
  const found = await findDocuments(ledger, reference, narrowing)
  const [only, another] = found
  if (only && !another) return only
  if (!only) throw await unknownDocument(ledger, reference, narrowing)
  const kinds = [...new Set(found.map((one) => one.kind))]
  const entities = [...new Set(found.map((one) => one.entity))]
  const used = `${reference} is the number of ${found.length} documents`
  if (kinds.length > 1) {
    const names = listText(kinds.map((kind) => kindNames[kind].one))
    throw new AuxoError('usage', `${used} (${names}): say which with --kind ${kinds.join(' or --kind ')}.`)
  }
  if (entities.length > 1) {
    throw new AuxoError('usage', `${used}, of ${listText(entities)}: say which with --entity.`)
  }
  throw new AuxoError('usage', `${used}: name the one by its id: ${found.map((one) => one.id).join(', ')}.`)
}

async function unknownDocument(ledger: Ledger, reference: string, narrowing: Narrowing): Promise<AuxoError> {
  const meant = nearNumbers(reference, await listDocumentNumbers(ledger, narrowing))
  const where = narrowing.kind === undefined ? 'document' : kindNames[narrowing.kind].one
  return new AuxoError(
    'usage',
    `There is no ${where} with the id or number “${reference}”${narrowing.entity === undefined ? '' : ` in ${narrowing.entity}`}.${meant.length > 0 ? ` Did you mean ${meant.join(' or ')}?` : ''}`,
  )
}

const nearMax = 3

/** Numbers that differ only in case, punctuation and leading zeros; else the nearest by spelling. */
export function nearNumbers(reference: string, numbers: readonly string[]): string[] {
  const key = looseKey(reference)
  const alike = key === '' ? [] : numbers.filter((number) => looseKey(number) === key)
  if (alike.length > 0) return alike.slice(0, nearMax)
  const near = nearest(reference, numbers)
  return near === null ? [] : [near]
}

function looseKey(number: string): string {
  return number
    .toUpperCase()
    .replaceAll(/[^\p{L}\p{N}]+/gu, '')
    .replaceAll(/(^|\D)0+(?=\d)/g, '$1')
}

/** Everything that the ledger knows of a document. */
export async function readLife(ledger: Ledger, found: FoundDocument): Promise<DocumentLife> {
  const { id, kind, entity } = found
  const { document, lines } = await readDocumentRows(ledger, id)
  const [thing] = await readThings(ledger, { kind, ids: [id], entity })
  const money = await readDocumentMoney(ledger, id)
  const organisation = thing?.tenantId ? await findOrganisation(ledger, thing.tenantId) : null
  const contact = document['contact']
  const contacts = typeof contact === 'string' ? await readContacts(ledger, [contact]) : null
  const { state, ...balance } = money.balance
  return {
    columns: { ...decimalColumns(document), ...found },
    lines: lines.map(decimalColumns),
    contactName: contacts?.get(String(contact))?.name ?? null,
    balance: inDecimals(balance),
    state,
    // Held back is told first, whatever Xero has of it.
    export: thing && thing.heldReason !== null ? 'held' : (thing?.state ?? null),
    exportReason: thing?.heldReason ?? thing?.reason ?? null,
    xero: thing?.xeroId
      ? {
          id: thing.xeroId,
          number: thing.xeroNumber,
          status: thing.xeroStatus,
          link: deepLink(await formOf(ledger, found), thing.xeroId, organisation?.shortCode ?? null),
        }
      : null,
    payments: money.payments.map(inDecimals),
    allocations: money.allocations.map(inDecimals),
    adjustments: money.adjustments.map(inDecimals),
    calls: await readCallsOf(ledger, found),
    findings: await readFindings(ledger, { kind, sourceId: id, entity }),
    events: await readEvents(ledger, { kind, id }),
  }
}

/** As what it stands in Xero: an order may be a bill there, an invoice a credit note or a journal. */
async function formOf(ledger: Ledger, { id, kind, entity }: FoundDocument): Promise<FormInXero> {
  const facts = (await readParents(ledger, [id])).get(id)?.facts ?? null
  const { settings } = readSettings(await readStoredSettings(ledger, entity))
  return formInXero({ kind, facts }, settings)
}

function lifeJson({ columns, ...life }: DocumentLife | PaymentLife) {
  return { ...columns, ...life, calls: life.calls.map(callJson) }
}

// One document of the ledger held against the one in Xero (V4): the figures of both sides, their variance, and what is wrong. Pure; who
// is held against whom is pair-documents.ts's business.

import { type Books, currencyOf, xeroNumberOf } from '../../accounting/books.ts'
import type { PlainDate } from '../../accounting/calendar.ts'
import { kindNames } from '../../accounting/kinds.ts'
import { type Cents, cents } from '../../accounting/money.ts'
import {
  countedFigures,
  isEnded,
  type LedgerFigures,
  type ProblemCode,
  type ReconciledDocument,
  type Verdict,
  type XeroFigures,
} from '../../accounting/reconciliation.ts'
import type { MonthDocument } from '../../ledger/reconcile.ts'
import { type DocumentForm, formOf, isTurned, sentForms } from '../../mapping/document-form.ts'
import type { DatedDocument } from '../../xero/found.ts'
import { type Particulars, problem } from './problems.ts'

/** A document with what it is held against. */
export interface Pair {
  document: MonthDocument
  /** The one that it is linked to; null where it is linked to none, or Xero does not have it. */
  linked: DatedDocument | null
  /** One of the same number that no document of the ledger is linked to. */
  sameNumber: DatedDocument | null
  /** Another document of the ledger that Xero does not have either has the same number. */
  isNumberShared: boolean
  isLinkedTwice: boolean
  /** It was not looked for by its id, since too many are missing. */
  isUnasked: boolean
}

export interface Judging {
  books: Books
  tenantId: string
  today: PlainDate
  /** Of the month. */
  from: PlainDate
  to: PlainDate
  linkOf(form: DocumentForm, xeroId: string): string | null
}

export function judgeDocument(pair: Pair, judging: Judging): ReconciledDocument {
  const { document } = pair
  const seen = pair.linked ?? pair.sameNumber
  const ledger = ledgerFigures(document)
  const xero = seen && xeroFigures(document, seen, judging)
  const verdict = verdictOf(pair, { ledger, xero }, judging)
  return {
    entity: document.entity,
    kind: document.kind,
    id: document.id,
    number: document.number || (document.assignedNumber ?? ''),
    contact: document.contact,
    date: document.date,
    currency: currencyOf(document, judging.books),
    ledger,
    xero,
    variance: verdict.result === 'not_compared' ? cents(0) : varianceOf(pair, { ledger, xero }, judging),
    verdict,
  }
}

/** As what it stands, or would stand, in Xero. */
export function formInXero(
  { kind, total, form }: Pick<MonthDocument, 'kind' | 'total' | 'form'>,
  books: Books,
): DocumentForm {
  if (form === 'journal') return 'journal'
  return sentForms.find((known) => known === form) ?? formOf({ kind, total: cents(total) }, books)
}

/** The number under which it goes to Xero; null for one without. */
export function numberInXero(
  { number, assignedNumber }: Pick<MonthDocument, 'number' | 'assignedNumber'>,
  books: Books,
): string | null {
  const own = number.trim() === '' ? assignedNumber : number
  return own ? xeroNumberOf(own, books) : null
}

function ledgerFigures(document: MonthDocument): LedgerFigures {
  return {
    total: cents(document.total),
    paid: cents(document.paid),
    credited: cents(document.credited),
    due: cents(document.due),
    adjusted: cents(document.adjusted),
    status: document.status,
    state: document.balance,
  }
}

/**
 * In the ledger's currency: what went out in base currency is turned back as its total was. A document below zero is a credit in Xero;
 * what is paid and credited of it has no sign on either side.
 */
function xeroFigures(document: MonthDocument, seen: DatedDocument, judging: Judging): XeroFigures {
  const turned = (amount: number) => cents(Math.round(amount * rateOf(document, judging)))
  const signed = (amount: number) => turned(amount * signOf(document))
  const due = seen.due ?? seen.total
  const settled = seen.total - due
  // A summary may leave out what was paid and what was credited; what is due it always says.
  const credited = seen.credited ?? (seen.paid === null ? 0 : settled - seen.paid)
  return {
    id: seen.xeroId,
    number: seen.number,
    date: seen.date,
    status: seen.status,
    total: signed(seen.total),
    paid: turned(seen.paid ?? settled - credited),
    credited: turned(credited),
    due: signed(due),
    link: judging.linkOf(formInXero(document, judging.books), seen.xeroId),
  }
}

function signOf({ kind, total }: MonthDocument): 1 | -1 {
  return isTurned({ kind, total: cents(total) }) ? -1 : 1
}

function rateOf(document: MonthDocument, { books }: Judging): number {
  const { sentCurrency, sentTotal, total } = document
  if (sentCurrency === null || sentCurrency === currencyOf(document, books)) return 1
  return sentTotal ? Math.abs(total) / Math.abs(sentTotal) : 1
}

interface Sides {
  ledger: LedgerFigures
  xero: XeroFigures | null
}

function varianceOf(pair: Pair, { ledger, xero }: Sides, judging: Judging): Cents {
  const total = countedFigures(ledger).total - countedFigures(xero).total
  return cents(total === 0 ? dueDifference(pair, { ledger, xero }, judging) : total)
}

/**
 * Orders owe nothing; with payments=none neither side knows the other's payments. Of what was converted each payment may be a cent of
 * the other currency off.
 */
function dueDifference({ document }: Pair, { ledger, xero }: Sides, judging: Judging): number {
  const isOwing = formInXero(document, judging.books) !== 'purchase_order'
  if (!isOwing || xero === null || judging.books.settings.payments === 'none') return 0
  const rate = rateOf(document, judging)
  const difference = countedFigures(ledger).due - countedFigures(xero).due
  // An edited total is told as such; what is due by it is compared as Xero has it.
  return rate !== 1 && Math.abs(difference) <= 2 * Math.max(1, Math.ceil(rate)) ? 0 : difference
}

const agrees: Verdict = { result: 'agrees' }
const notCompared = (why: string): Verdict => ({ result: 'not_compared', why })

function verdictOf(pair: Pair, sides: Sides, judging: Judging): Verdict {
  const { document, linked } = pair
  const said = (code: ProblemCode, more: Partial<Particulars> = {}) =>
    problem(code, {
      name: kindNames[document.kind].one,
      currency: currencyOf(document, judging.books),
      reason: saidOf(document),
      ...more,
    })
  if (document.state === 'sending' || document.state === 'uncertain') return said('uncertain')
  const isSent =
    document.state === 'exported' || (document.state === 'mock_exported' && document.xeroId !== null)
  if (isSent && document.tenantId !== null && document.tenantId !== judging.tenantId)
    return said('other-organisation')
  if (isSent && formInXero(document, judging.books) === 'journal')
    return notCompared('It went to Xero as a journal, alone or in the summary of a day.')
  if (linked === null) return isSent ? missing(pair, said) : unsent(pair, judging, said)
  return standing(pair, linked, sides, judging, said)
}

type Said = (code: ProblemCode, more?: Partial<Particulars>) => Verdict

/** Why it stands where it stands: a person's word before a rule's. */
function saidOf({ heldReason, finding, reason }: MonthDocument): string {
  return sentence(heldReason === null ? (finding ?? reason) : `It is held back: ${heldReason}`)
}

function sentence(text: string | null): string {
  return text === null || text === '' || /[.!?]$/.test(text) ? (text ?? '') : `${text}.`
}

function missing({ document, isUnasked }: Pair, said: Said): Verdict {
  if (document.status === 'void') return agrees
  const reason = isUnasked ? 'Too many are missing for each to be looked up by its id.' : ''
  return said('missing-in-xero', { reason })
}

/** What Xero has not, or has only under the same number. */
function unsent(pair: Pair, judging: Judging, said: Said): Verdict {
  const { document, sameNumber } = pair
  const { settings } = judging.books
  if (document.status === 'void') return agrees
  if (document.rolledBack !== null)
    return notCompared(`It was rolled back (run ${document.rolledBack}), and is held until it is released.`)
  if (formInXero(document, judging.books) === 'none')
    return notCompared('purchase_orders=off: orders are not sent.')
  if (sameNumber && sameNumber.total === Math.abs(document.total)) return said('not-linked')
  if (sameNumber) return said('number-in-use', { total: sameNumber.total })
  if (pair.isNumberShared) return said('number-duplicate')
  if (document.state === 'held') return said('held')
  if (document.state === 'mock_exported') return said('mock-exported')
  if (settings.cutover_date !== 'none' && document.date < settings.cutover_date)
    return notCompared(`It is dated before cutover_date, ${settings.cutover_date}, and never sent.`)
  if (document.date > judging.today) return notCompared('It is dated after today, and waits for its date.')
  if (document.state === 'failed') return said('failed')
  if (document.state === 'skipped') return said('waits')
  if (document.state === 'pending' && document.queued === 0)
    return notCompared('A bill names this order and stands for it: it is not sent.')
  return said('not-sent')
}

function standing(pair: Pair, seen: DatedDocument, sides: Sides, judging: Judging, said: Said): Verdict {
  const { document } = pair
  const { ledger } = sides
  if (isEnded(seen.status)) {
    if (document.status !== 'sent') return agrees
    return said(seen.status === 'VOIDED' ? 'voided-in-xero' : 'deleted-in-xero')
  }
  if (document.status === 'void') return said('voided-in-ledger')
  if (document.status === 'draft') return said('draft-in-ledger')
  if (pair.isLinkedTwice) return said('linked-twice')
  const currency = currencyOf(document, judging.books)
  const isConverted = rateOf(document, judging) !== 1
  if (!isConverted && seen.currency !== (document.sentCurrency ?? currency))
    return said('currency-differs', { otherCurrency: seen.currency })
  const difference = varianceOf(pair, sides, judging)
  const isTotal = ledger.total !== sides.xero?.total
  if (isTotal) return said('total-differs', { difference, reason: whyTotal(document, difference) })
  if (isUnapproved(seen.status) && !isSentAsDraft(document, judging)) return said('not-approved')
  if (difference !== 0 && Math.abs(difference) === document.heldMoney)
    return notCompared('What stands on it in the ledger was rolled back, and is held until it is released.')
  if (difference !== 0) return said('due-differs', { difference, reason: '' })
  const isOfMonth = seen.date !== null && seen.date >= judging.from && seen.date <= judging.to
  const isHere = document.date >= judging.from && document.date <= judging.to
  if (!isOfMonth || !isHere) return said('date-differs', { date: seen.date })
  const number = numberInXero(document, judging.books)
  if (number !== null && folded(number) !== folded(seen.number ?? ''))
    return said('number-differs', { number: seen.number })
  return agrees
}

const isUnapproved = (status: string) => status === 'DRAFT' || status === 'SUBMITTED'
const isSentAsDraft = ({ sentStatus }: MonthDocument, { books }: Judging) =>
  sentStatus === null ? books.settings.document_status === 'draft' : sentStatus === 'DRAFT'

/** As numbers are the same to people: whether case counts in Xero is not established. */
export function folded(number: string): string {
  return number.trim().toUpperCase()
}

function whyTotal(document: MonthDocument, difference: Cents): string {
  if (document.isChanged === 1 && document.queued === 1)
    return `The ledger changed it after it was sent. ${saidOf(document)}`.trim()
  return document.adjusted === -difference
    ? 'It was edited in Xero, and the pull recorded it as an adjustment.'
    : ''
}

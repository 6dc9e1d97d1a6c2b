// Creates and edits one manual journal: its head, its statuses and the locked periods (§4.7). Its lines are
// manual-journal-lines.ts's business. Nothing in a journal is unique: what is sent twice is there twice.

import { boolean, choice, date, guid, ignored, list, type Shape, text, tooLong } from './body.ts'
import { type Call, today } from './call.ts'
import { readDate } from './dates.ts'
import { editLockProblem, lockProblem, texts } from './document-rules.ts'
import type { Verdict } from './elements.ts'
import { invoiceTexts, isAcceptedUrl } from './invoice-change.ts'
import { lineAmountTypes } from './invoice-record.ts'
import { booleanOf, type JsonObject, listOf, textOf } from './json.ts'
import {
  balanceProblems,
  journalAccountProblem,
  journalLineShape,
  type ReadJournalLines,
  readJournalLines,
} from './manual-journal-lines.ts'
import {
  type ManualJournal,
  type ManualJournalStatus,
  manualJournalStatuses,
} from './manual-journal-record.ts'
import { refusedManualJournal, showManualJournal } from './manual-journal-view.ts'
import { taxOf } from './totals.ts'

/** Every property that Xero publishes for a manual journal; read-only ones are taken and left alone. */
export const manualJournalShape: Shape = {
  name: 'ManualJournal',
  fields: {
    ManualJournalID: guid,
    Narration: text(),
    JournalLines: list(journalLineShape),
    Date: date,
    LineAmountTypes: choice('LineAmountType', lineAmountTypes),
    Status: choice('ManualJournalStatus', manualJournalStatuses),
    Url: text(),
    ShowOnCashBasisReports: boolean,
    HasAttachments: ignored,
    UpdatedDateUTC: ignored,
    StatusAttributeString: ignored,
    Warnings: ignored,
    ValidationErrors: ignored,
    Attachments: ignored,
  },
}

export const journalTexts = {
  notValid: 'Document not of valid status for modification',
  narrationMissing: 'The Narration field is mandatory.',
  unknown: 'An existing ManualJournal with the specified ManualJournalID could not be found',
  idOnCreate: 'A ManualJournal that is created cannot name a ManualJournalID.',
}

/** VOIDED, DELETED and ARCHIVED are the end (§4.7). */
const transitions: Record<ManualJournalStatus, readonly ManualJournalStatus[]> = {
  DRAFT: ['DRAFT', 'POSTED', 'DELETED'],
  POSTED: ['POSTED', 'VOIDED'],
  VOIDED: [],
  DELETED: [],
  ARCHIVED: [],
}

export function createManualJournal(call: Call, element: JsonObject): Verdict {
  const status = statusOf(element) ?? 'DRAFT'
  const blank: ManualJournal = {
    id: call.newGuid(),
    updatedAt: call.now,
    status: 'DRAFT',
    narration: '',
    date: today(call),
    lineAmountTypes: 'NoTax',
    url: null,
    showOnCashBasisReports: true,
    lines: [],
  }
  const change = apply(call, blank, { ...element, JournalLines: element['JournalLines'] ?? [] }, status)
  const errors = [...change.errors]
  if (status !== 'DRAFT' && status !== 'POSTED') errors.push(journalTexts.notValid)
  if (errors.length > 0) return refusedJournal(call, null, { ...element, Status: status }, ...errors)
  return store(call, change.journal, change.warnings)
}

export function editManualJournal(call: Call, before: ManualJournal, element: JsonObject): Verdict {
  const status = statusOf(element) ?? before.status
  if (!transitions[before.status].includes(status)) {
    return refusedJournal(call, before, element, journalTexts.notValid)
  }
  const lock = before.status === 'POSTED' ? editLockProblem(call.organisation, before.date) : null
  if (lock !== null) {
    if (call.switches.lockedEdit === 'error') return refusedJournal(call, before, element, lock)
    return { kind: 'silent', view: showManualJournal(call, before, 'written'), errors: [lock] }
  }
  // Voiding and deleting change the status alone.
  if (status === 'VOIDED' || status === 'DELETED') return store(call, { ...before, status }, [])
  const change = apply(call, before, element, status)
  if (change.errors.length > 0) return refusedJournal(call, before, element, ...change.errors)
  return store(call, change.journal, change.warnings)
}

export function refusedJournal(
  call: Call,
  before: ManualJournal | null,
  element: JsonObject,
  ...errors: string[]
): Verdict {
  return { kind: 'refused', echo: refusedManualJournal(call, before, element), errors: [...new Set(errors)] }
}

function store(call: Call, journal: ManualJournal, warnings: readonly string[]): Verdict {
  const stored = { ...journal, updatedAt: call.now }
  call.organisation.manualJournals.put(stored)
  return { kind: 'stored', view: showManualJournal(call, stored, 'written'), warnings }
}

interface Change {
  readonly journal: ManualJournal
  readonly errors: readonly string[]
  readonly warnings: readonly string[]
}

function apply(call: Call, base: ManualJournal, element: JsonObject, status: ManualJournalStatus): Change {
  const { organisation, switches } = call
  const isPosted = status === 'POSTED'
  const types =
    lineAmountTypes.find((known) => known === textOf(element, 'LineAmountTypes')) ?? base.lineAmountTypes
  const read = linesAfter(call, base, element, types, isPosted)
  const journal: ManualJournal = {
    ...base,
    status,
    narration: textOf(element, 'Narration') ?? base.narration,
    date: readDate(textOf(element, 'Date') ?? '') ?? base.date,
    lineAmountTypes: types,
    url: textOf(element, 'Url') ?? base.url,
    showOnCashBasisReports: booleanOf(element, 'ShowOnCashBasisReports') ?? base.showOnCashBasisReports,
    lines: read.lines,
  }
  const errors = [...tooLong({ ...element, JournalLines: undefined }, manualJournalShape), ...read.errors]
  if (journal.narration.trim() === '') errors.unshift(journalTexts.narrationMissing)
  const lock =
    isPosted || switches.draftsInLockedPeriod === 'refused' ? lockProblem(organisation, journal.date) : null
  if (lock !== null) errors.push(lock)
  if (journal.url !== null && !isAcceptedUrl(journal.url)) errors.push(invoiceTexts.urlInvalid)
  return { journal, errors, warnings: read.warnings }
}

/** Lines that are sent replace all; an update without any, or with an empty list, leaves them as they are. */
function linesAfter(
  call: Call,
  base: ManualJournal,
  element: JsonObject,
  types: ManualJournal['lineAmountTypes'],
  isPosted: boolean,
): ReadJournalLines {
  const sent = listOf(element, 'JournalLines') ?? []
  const isKept = sent.length === 0 && base.lines.length > 0
  return isKept ? keptLines(call, base, types, isPosted) : readJournalLines({ call, types, isPosted }, sent)
}

function keptLines(
  { organisation, switches }: Call,
  base: ManualJournal,
  types: ManualJournal['lineAmountTypes'],
  isPosted: boolean,
): ReadJournalLines {
  const errors: string[] = []
  const lines = base.lines.map((line) => {
    if (line.isBlank) return line
    const account = line.accountId === null ? undefined : organisation.accounts.get(line.accountId)
    const problem = account ? journalAccountProblem(account) : isPosted ? texts.accountMissing : null
    if (problem !== null) errors.push(problem)
    if (types === base.lineAmountTypes) return line
    const rate = line.taxType === null ? undefined : organisation.taxRate(line.taxType)
    return { ...line, taxAmount: taxOf(line.lineAmount, rate?.rate ?? 0, types, switches.halfRounding) }
  })
  return { lines, errors: [...new Set([...errors, ...balanceProblems(lines, types)])], warnings: [] }
}

function statusOf(element: JsonObject): ManualJournalStatus | undefined {
  return manualJournalStatuses.find((known) => known === textOf(element, 'Status'))
}

// Writes a list of elements one after the other and puts their verdicts together: summarizeErrors, ValidationErrors,
// Warnings, StatusAttributeString (§3.2). What makes an element good or bad is its resource's business.

import type { Call } from './call.ts'
import { answerWith } from './call.ts'
import type { JsonObject } from './json.ts'
import { type Reply, serverError, validationException } from './reply.ts'

export type Verdict =
  | { readonly kind: 'stored'; readonly view: JsonObject; readonly warnings: readonly string[] }
  /** Nothing was stored. `echo` is what was asked for and, of an update, what is stored (§0.1). */
  | { readonly kind: 'refused'; readonly echo: JsonObject; readonly errors: readonly string[] }
  /** Nothing was stored and the element looks well; at most a text says so (§3.2, trap 4). */
  | { readonly kind: 'silent'; readonly view: JsonObject; readonly errors: readonly string[] }

export interface ElementKind {
  readonly key: string
  /** HasErrors on documents, HasValidationErrors on contacts (§3.2); items, journals and notes have none. */
  readonly flag: 'HasErrors' | 'HasValidationErrors' | null
  /** One bad element refuses the call, whatever summarizeErrors asks for. */
  readonly isWhole?: boolean
}

export function messages(texts: readonly string[]): JsonObject[] {
  return texts.map((text) => ({ Message: text }))
}

/**
 * Stores each element that can be stored, in order, so that the second of two equal numbers meets the first. In the
 * default mode a bad one makes the call a 400 and, as far as is known, stores none: a switch.
 */
export function writeElements(
  call: Call,
  kind: ElementKind,
  elements: readonly JsonObject[],
  write: (element: JsonObject) => Verdict,
): Reply {
  const isPerElement = kind.isWhole !== true && call.query.get('summarizeErrors')?.toLowerCase() === 'false'
  const { changes } = call.organisation
  changes.begin()
  const verdicts: Verdict[] = []
  let stored = 0
  for (const element of elements) {
    if (stored >= call.storeAtMost) break
    const verdict = write(element)
    if (verdict.kind === 'stored') stored += 1
    verdicts.push(verdict)
  }
  const isRefused = !isPerElement && verdicts.some((verdict) => verdict.kind === 'refused')
  if (Number.isFinite(call.storeAtMost)) {
    changes.keep()
    return serverError(500)
  }
  if (!isRefused) {
    changes.keep()
    return answerWith(
      call,
      kind.key,
      verdicts.map((verdict) => shown(verdict, kind, isPerElement)),
    )
  }
  if (call.switches.defaultModeStoresGood) changes.keep()
  else changes.takeBack()
  return refusal(call, kind, verdicts)
}

function shown(verdict: Verdict, kind: ElementKind, isPerElement: boolean): JsonObject {
  const status = isPerElement ? { StatusAttributeString: statusOf(verdict) } : {}
  const flagged = kind.flag === null ? {} : { [kind.flag]: verdict.kind === 'refused' }
  switch (verdict.kind) {
    case 'stored':
      return {
        ...verdict.view,
        ...flagged,
        ...status,
        ...(verdict.warnings.length > 0 ? { Warnings: messages(verdict.warnings) } : {}),
      }
    case 'silent':
      return {
        ...verdict.view,
        ...flagged,
        ...status,
        ...(verdict.errors.length > 0 ? { ValidationErrors: messages(verdict.errors) } : {}),
      }
    case 'refused':
      return { ...verdict.echo, ...flagged, ...status, ValidationErrors: messages(verdict.errors) }
  }
}

function statusOf(verdict: Verdict): string {
  if (verdict.kind === 'refused') return 'ERROR'
  return verdict.kind === 'stored' && verdict.warnings.length > 0 ? 'WARNING' : 'OK'
}

/** What Xero's published answers show in an element of a 400, beside its id and its messages. */
const publishedInRefusals = new Set([
  ...[
    'ValidationErrors',
    'BatchPaymentID',
    'BankTransactionID',
    'CreditNoteID',
    'ContactID',
    'InvoiceID',
    'ItemID',
  ],
  ...['PurchaseOrderID', 'AccountID', 'AccountNumber', 'AccountsPayableTaxType', 'AccountsReceivableTaxType'],
  ...[
    'Addresses',
    'Code',
    'ContactGroupID',
    'ContactGroups',
    'ContactPersons',
    'Contacts',
    'Description',
    'EmailAddress',
  ],
  ...['HasValidationErrors', 'Name', 'PaymentTerms', 'Phones', 'Status', 'Type', 'UpdatedDateUTC'],
])

function refusal(call: Call, kind: ElementKind, verdicts: readonly Verdict[]): Reply {
  const listed = verdicts.filter(
    (verdict) => call.switches.refusalLists === 'all' || verdict.kind === 'refused',
  )
  return validationException(listed.map((verdict) => published(call, shown(verdict, kind, false))))
}

export function published(call: Call, element: JsonObject): JsonObject {
  if (call.switches.refusalEcho === 'full') return element
  return Object.fromEntries(Object.entries(element).filter(([name]) => publishedInRefusals.has(name)))
}

// A finding: what is wrong with one thing, why, and what a person does about it (V1). The same form comes out of the
// rules before sending and out of Xero's refusals after it. Codes are public: they never change their meaning.

import type { ThingKind } from './kinds.ts'

export const findingCodes = [
  'contact-missing',
  'contact-inactive',
  'contact-archived',
  'contact-ambiguous',
  'contact-name-duplicate',
  'contact-name-missing',
  'contact-shared',
  'people-left-out',
  'account-missing',
  'account-unknown',
  'account-archived',
  'account-wrong-class',
  'account-system',
  'account-not-payable',
  'tax-unmapped',
  'tax-unknown',
  'tax-not-applicable',
  'tax-amount-invalid',
  'tax-difference',
  'tracking-half',
  'tracking-unknown',
  'tracking-twice',
  'journal-unbalanced',
  'journal-too-short',
  'journal-side-unclear',
  'cost-missing',
  'period-locked',
  'currency-not-enabled',
  'rate-missing',
  'number-duplicate',
  'number-in-use',
  'number-missing',
  'due-date-missing',
  'date-invalid',
  'lines-missing',
  'total-mismatch',
  'total-negative',
  'amount-too-large',
  'text-too-long',
  'text-invalid',
  'document-too-large',
  'item-unknown',
  'parent-draft',
  'order-billed',
  'credit-exceeds-order',
  'item-name-missing',
  'parent-not-exported',
  'payment-no-account',
  'payment-exceeds-due',
  'payment-duplicate',
  'payment-moved',
  'allocations-exceed-payment',
  'amount-invalid',
  'refund-target-missing',
  'target-wrong-kind',
  'currency-mismatch',
  'contact-differs',
  'credit-exceeds',
  'remainder-held',
  'parent-void',
  'file-missing',
  'file-empty',
  'file-too-large',
  'file-name-invalid',
  'files-too-many',
  'future-dated',
  'before-cutover',
  'edited-after-export',
  'edited-after-payment',
  'deleted-in-ledger',
  'kind-changed',
  'edited-in-xero',
  'plan-limit',
  'outcome-uncertain',
  'look-alike-in-xero',
  'differs-in-xero',
  'xero-warning',
  'xero-refused',
] as const
export type FindingCode = (typeof findingCodes)[number]

/** Where a person reads more of a code: beside the program, and the same in every version. */
export function pageOf(code: FindingCode): string {
  return `docs/findings/${code}.md`
}

export type Severity = 'error' | 'warning' | 'information'

/** One line of a validation report; the shape of `failures` in the JSON of `export` and of `validate --json`. */
export interface Finding {
  kind: ThingKind
  /** The ledger's id of the thing. */
  id: string
  /** What people call it: the document's number, the contact's code. */
  number: string
  code: FindingCode
  severity: Severity
  /** Where in the thing: `lines[2].account`, `dueDate`; null when it is the whole thing. Lines count from 1. */
  field: string | null
  /** What is wrong, with the value. */
  message: string
  why: string
  fix: string
  /** Xero's own words, where it was Xero that refused. */
  xeroMessages: readonly string[]
}

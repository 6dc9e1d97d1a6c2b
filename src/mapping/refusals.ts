// Xero's refusals in a bookkeeper's words (V3): one row for each text of §4.1 that a contact or a sales document can meet.
// The texts are Xero's and may change; what matches no row is passed on in Xero's own words, never lost.

import type { Finding, FindingCode } from '../accounting/findings.ts'
import { kindNames, type ThingKind } from '../accounting/kinds.ts'

/**
 * What the batch does about a refusal beside recording it: a number in use may be ours after all (exactly once, 6), a
 * plan's limit stops the kind (E5), a fault of Xero's proves nothing about what was stored.
 */
export type RefusalMark = 'number-in-use' | 'plan-limit' | 'transient'

interface Refusal {
  text: RegExp
  code: FindingCode
  mark?: RefusalMark
  field?: string
  /** After "Xero refused invoice INV-7: ". */
  what: string
  why: string
  fix: string
}

/** The first row that matches a text decides, so the narrower ones stand before the wider ones. */
const refusals: readonly Refusal[] = [
  {
    text: /An error occurred in Xero/i,
    code: 'outcome-uncertain',
    mark: 'transient',
    what: 'Xero had a fault of its own.',
    why: "The fault is on Xero's side; the document itself may be fine.",
    fix: 'Run the export again later. Nothing is sent twice.',
  },
  {
    text: /reached the limit of invoices you can approve/i,
    code: 'plan-limit',
    mark: 'plan-limit',
    what: "the Xero plan's limit of approved invoices is reached.",
    why: "The organisation's Xero plan allows only so many approved invoices a month.",
    fix: 'Upgrade the plan in Xero, wait for the next month, or set document_status to draft.',
  },
  {
    text: /Invoice # must be unique/i,
    code: 'number-in-use',
    mark: 'number-in-use',
    field: 'number',
    what: 'its number is used by another document there.',
    why: 'Xero takes each sales invoice number once, and another document has this one.',
    fix: 'Look the number up in Xero. If it is the same document, auxo-sync adopt-copy finds it and counts it as exported. If not, renumber one of them.',
  },
  {
    text: /contact name .* is already assigned to another contact/i,
    code: 'contact-name-duplicate',
    field: 'name',
    what: 'another contact there has this name.',
    why: 'Names of active contacts are unique in Xero.',
    fix: 'Link the contact to that one with auxo-sync contacts link, or rename one of them.',
  },
  {
    text: /archived contact|contact.*has been archived|contact must be un-?archived/i,
    code: 'contact-archived',
    field: 'contact',
    what: 'the contact is archived there.',
    why: 'Xero takes no documents for archived contacts and does not let other programs restore them.',
    fix: 'Restore the contact in Xero, or unlink it with auxo-sync contacts unlink.',
  },
  {
    text: /Another contact has this contact number/i,
    code: 'contact-ambiguous',
    field: 'code',
    what: 'another contact there has this contact number.',
    why: 'The contact code of Xero is ours, and it is on another contact, perhaps after a merge.',
    fix: 'Link the right contact by hand with auxo-sync contacts link.',
  },
  {
    text: /Contact Name cannot be empty/i,
    code: 'contact-name-missing',
    field: 'name',
    what: 'the contact has no name.',
    why: 'Xero keeps no contact without a name.',
    fix: 'Give the contact a name in the ledger.',
  },
  {
    text: /Email address must be valid/i,
    code: 'text-invalid',
    field: 'email',
    what: 'the e-mail address is not one.',
    why: 'Xero takes one plain address without accents.',
    fix: 'Correct the e-mail address in the ledger.',
  },
  {
    text: /A Contact must be specified|Contact must contain at least 1 of/i,
    code: 'contact-missing',
    field: 'contact',
    what: 'it has no contact that Xero knows.',
    why: 'Every document needs a contact.',
    fix: 'Check the link with auxo-sync contacts list and run the export again.',
  },
  {
    text: /DueDate field must be specified/i,
    code: 'due-date-missing',
    field: 'dueDate',
    what: 'it has no due date.',
    why: 'Xero approves no document without a due date.',
    fix: 'Give the document a due date in the ledger.',
  },
  {
    text: /lock date/i,
    code: 'period-locked',
    field: 'date',
    what: 'its date is in a locked period.',
    why: 'Nothing may be posted on or before the lock dates of the organisation.',
    fix: 'Have an adviser move the lock date in Xero, or give the document a later date.',
  },
  {
    text: /not subscribed to currency/i,
    code: 'currency-not-enabled',
    field: 'currency',
    what: 'its currency is not enabled there.',
    why: 'An organisation takes only the currencies that were added to it.',
    fix: 'Add the currency in Xero, then run auxo-sync refresh.',
  },
  {
    text: /Account code .* has been archived|archived,? or has been deleted/i,
    code: 'account-archived',
    what: 'one of its accounts is archived or deleted there.',
    why: 'Xero posts only to active accounts.',
    fix: 'Restore the account in Xero or use another, then run auxo-sync refresh.',
  },
  {
    text: /TaxType code .* cannot be used with account code/i,
    code: 'tax-not-applicable',
    what: 'a tax rate does not go with the account of its line.',
    why: 'Each tax rate in Xero applies to some kinds of accounts only.',
    fix: 'Change the tax code or the account of the line, or map them to others in tax_code_map or account_map.',
  },
  {
    text: /Account code .* is not a valid code for this document|^Account must be valid/i,
    code: 'account-unknown',
    what: 'one of its accounts does not exist there or cannot be used on it.',
    why: 'Xero takes no unknown, bank or system accounts on the lines of a document.',
    fix: 'Run auxo-sync refresh, and map the account to one that may be used in account_map.',
  },
  {
    text: /account code or ID must be specified/i,
    code: 'account-missing',
    what: 'a line has no account.',
    why: 'Xero approves no line without an account.',
    fix: 'Give the line an account in the ledger.',
  },
  {
    text: /TaxType code .* does not exist|^Tax rate must be valid/i,
    code: 'tax-unknown',
    what: 'one of its tax rates does not exist there or cannot be used on it.',
    why: 'Xero takes only the tax types that the organisation has, spelt exactly.',
    fix: 'Run auxo-sync refresh, and map the tax code to one of the types in the table mirror_tax_rate in tax_code_map.',
  },
  {
    text: /tax amount cannot be greater than the line amount/i,
    code: 'tax-amount-invalid',
    what: 'the tax of a line is more than the line.',
    why: 'Xero takes no tax above the amount that it is on.',
    fix: 'Correct the tax of the line in the ledger.',
  },
  {
    text: /line total .* does not match|document total does not equal the sum/i,
    code: 'total-mismatch',
    what: 'it adds up to something else there.',
    why: 'Xero computes lines and totals itself and compares.',
    fix: 'Report this: auxo-sync should have sent amounts that add up.',
  },
  {
    text: /payments? or credit notes? allocated to it/i,
    code: 'edited-after-payment',
    what: 'a payment or credit is on it already.',
    why: 'Xero changes or voids no document that a payment or credit touches.',
    fix: 'Remove the payment or credit in Xero, or leave the document as it is.',
  },
  {
    text: /not of valid status for modification/i,
    code: 'xero-refused',
    what: 'the document is paid, voided or deleted there.',
    why: 'Xero changes only drafts and open documents.',
    fix: 'Look the document up in Xero by its number.',
  },
  {
    text: /does not have the correct permissions|valid user should be identified/i,
    code: 'xero-refused',
    what: 'the connected user may not do this there.',
    why: 'What the connection may do depends on the role of the user who connected it.',
    fix: 'Give that user the role in Xero, or connect again as another user.',
  },
  {
    text: /tracking/i,
    code: 'tracking-unknown',
    what: 'a tracking category or option cannot be used.',
    why: 'Tracking must exist and be active in Xero.',
    fix: 'Run auxo-sync refresh and correct the tracking of the line.',
  },
]

/** The thing that was refused. `number` is what people call it. */
export interface RefusedThing {
  kind: ThingKind
  id: string
  number: string
}

/** Xero's messages about one thing as findings: one for each distinct cause, each with the words that say so. */
export function translateRefusal(messages: readonly string[], thing: RefusedThing): Finding[] {
  const byCause = new Map<Refusal | null, string[]>()
  for (const message of messages) {
    const cause = findRefusal(message)
    const words = byCause.get(cause)
    if (!words) byCause.set(cause, [message])
    else if (!words.includes(message)) words.push(message)
  }
  if (byCause.size === 0) byCause.set(null, [])
  return [...byCause].map(([cause, words]) => refusalFinding(thing, cause, words))
}

/** The first mark among the messages; null where the refusal is of the document alone. */
export function refusalMark(messages: readonly string[]): RefusalMark | null {
  for (const message of messages) {
    const mark = findRefusal(message)?.mark
    if (mark) return mark
  }
  return null
}

function findRefusal(message: string): Refusal | null {
  return refusals.find((refusal) => refusal.text.test(message)) ?? null
}

function refusalFinding(thing: RefusedThing, cause: Refusal | null, words: readonly string[]): Finding {
  const name = `${kindNames[thing.kind].one} ${thing.number}`
  const unknown = words.length === 0 ? 'without a reason.' : `“${words.join('” “')}”`
  return {
    kind: thing.kind,
    id: thing.id,
    number: thing.number,
    code: cause?.code ?? 'xero-refused',
    severity: 'error',
    field: cause?.field ?? null,
    message: `Xero refused ${name}: ${cause?.what ?? unknown}`,
    why: cause?.why ?? 'No rule of auxo-sync foresaw this refusal.',
    fix: cause?.fix ?? 'Correct what Xero names, in the ledger or in Xero, and run the export again.',
    xeroMessages: words,
  }
}

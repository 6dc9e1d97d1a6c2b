// Whether what Xero refuses was said before it was sent (V1): in a season whose line is good again, a pull and a `validate` come before
// the export, and whatever is refused then without an error said of it is a rule that is missing. What only Xero can know
// stands here, by name, with the reason.

import type { Finding } from '../../../src/accounting/findings.ts'

/** A failure of a run, with Xero's own words where it was Xero that refused. */
export interface Refusal {
  kind: string
  id: string
  code: string
  message: string
  xeroMessages: readonly string[]
}

interface Exception {
  name: string
  reason: string
  words: RegExp
}

/** No rule can be made of these: neither the ledger nor what Xero tells of itself says so beforehand. */
export const onlyXeroKnows: readonly Exception[] = [
  {
    name: 'a payment dated before its document',
    reason:
      'Nobody outside Xero knows whether it takes one (switch paymentBeforeDocument); refused here, it would be kept back where Xero takes it.',
    words: /payment date cannot be before the date of the document/i,
  },
  {
    name: 'a number that the mirror has not heard of, or that may be ours',
    reason:
      'Feeds tell what changed since the organisation was connected; what is voided may hold its number; what comes to the same total may be this very document (I8).',
    words: /(Invoice #|Credit ?Note (#|number)) must be unique/i,
  },
  {
    name: 'the number of an order entered in Xero',
    reason: 'Purchase orders are in no feed.',
    words: /Order number must be unique/i,
  },
  {
    name: 'the limit of the plan',
    reason: 'Xero does not say how many approvals are left.',
    words: /reached the limit of invoices you can approve/i,
  },
  {
    name: 'a payment that is reconciled or part of a batch',
    reason: 'The feeds that are read do not say so.',
    words: /within a batch cannot be deleted|reconciled with a bank statement/i,
  },
  {
    name: 'a fault of Xero’s own',
    reason: 'It says nothing about the document.',
    words: /An error occurred in Xero/i,
  },
  {
    name: 'what the connected user may not do',
    reason: 'Roles are not part of what the connection may read.',
    words: /does not have the correct permissions|valid user should be identified/i,
  },
]

/** Refused in this run, and neither said by `validate` before nor for Xero alone to know. */
export function unforeseen(refusals: readonly Refusal[], said: readonly Finding[]): string[] {
  const foreseen = new Set(
    said.filter(({ severity }) => severity === 'error').map(({ kind, id }) => `${kind}:${id}`),
  )
  return refusals.flatMap(({ kind, id, xeroMessages }) => {
    const words = xeroMessages.filter((one) => !onlyXeroKnows.some((exception) => exception.words.test(one)))
    if (words.length === 0 || foreseen.has(`${kind}:${id}`)) return []
    return [`Xero refused ${kind} ${id}, which validate did not foresee: ${words.join(' ')}`]
  })
}

// Whether Xero stored what was sent: its answer's total, tax, status and warnings beside the facts of the document. The
// document is in Xero either way; a difference is for a person to look at.

import type { Finding } from '../accounting/findings.ts'
import { kindNames } from '../accounting/kinds.ts'
import { type Cents, formatCents } from '../accounting/money.ts'
import type { RefusedThing } from './refusals.ts'

/** What an accepted element of an answer says; null where it does not say it. */
export interface DocumentAnswer {
  total: Cents | null
  tax: Cents | null
  status: string | null
  warnings: readonly string[]
}

/** What was sent, of a document or of what ends one; null where it is not compared. */
export interface ComparedFacts {
  totalCents: Cents | null
  taxCents: Cents | null
  status: string
}

/** The differences between an accepted document and what was sent: none where Xero stored it to the cent. */
export function answerDifferences(
  answer: DocumentAnswer,
  facts: ComparedFacts,
  { kind, id, number }: RefusedThing,
): Finding[] {
  const thing = { kind, id, number }
  const name = `${kindNames[kind].one} ${number}`
  const findings: Finding[] = []
  const differs = (field: string, theirs: string, ours: string) =>
    findings.push({
      ...thing,
      code: 'differs-in-xero',
      severity: 'error',
      field,
      message: `Xero has ${name} with ${field} ${theirs} instead of ${ours}.`,
      why: 'Xero stored the document and answered with another value than was sent.',
      fix: 'Compare the document in Xero with the ledger and correct it in Xero.',
      xeroMessages: [],
    })
  if (answer.total !== null && facts.totalCents !== null && answer.total !== facts.totalCents)
    differs('total', formatCents(answer.total), formatCents(facts.totalCents))
  if (answer.tax !== null && facts.taxCents !== null && answer.tax !== facts.taxCents)
    differs('tax', formatCents(answer.tax), formatCents(facts.taxCents))
  if (answer.status !== null && !isExpectedStatus(answer.status, facts))
    differs('status', answer.status, facts.status)
  for (const warning of new Set(answer.warnings)) findings.push(warningFinding(warning, thing, name))
  return findings
}

/** Xero may count a document of nothing as paid at once (§4.3). */
function isExpectedStatus(status: string, facts: ComparedFacts): boolean {
  return (
    status === facts.status || (status === 'PAID' && facts.status === 'AUTHORISED' && facts.totalCents === 0)
  )
}

/** A warning about an account, tax or tracking means that Xero dropped it from a line: that is wrong in the books. */
function warningFinding(warning: string, thing: RefusedThing, name: string): Finding {
  const isLoss = /account|tax|tracking/i.test(warning)
  return {
    ...thing,
    code: 'xero-warning',
    severity: isLoss ? 'error' : 'warning',
    field: null,
    message: `Xero took ${name} with a warning: “${warning}”`,
    why: isLoss
      ? 'Xero stored the document without something that was sent.'
      : 'Xero stored the document and has a remark.',
    fix: 'Look at the document in Xero and correct it there if need be.',
    xeroMessages: [warning],
  }
}

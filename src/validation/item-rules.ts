// An item as it would be sent (R1, §4.8): its code and name fit, and Xero has its accounts and tax types. Lines that name
// items are the documents' business.

import { type Side, taxTypeOfCode, xeroAccountOf } from '../accounting/books.ts'
import type { LedgerItem } from '../accounting/documents.ts'
import type { Finding } from '../accounting/findings.ts'
import { accountComplaint } from './account-rules.ts'
import type { ItemContext } from './context.ts'
import type { Complaint } from './document-view.ts'
import { rateComplaint, unmappedCode } from './tax-rules.ts'
import { textProblem } from './text-rules.ts'

type ItemRule = (item: LedgerItem, context: ItemContext) => readonly Finding[]

const codeMax = 30
const nameMax = 50
const descriptionMax = 4000

function complain(item: LedgerItem, complaint: Complaint): Finding {
  return {
    kind: 'item',
    id: item.code,
    number: item.code,
    code: complaint.code,
    severity: complaint.severity ?? 'error',
    field: complaint.field ?? null,
    message: `Item ${item.code} ${complaint.message}`,
    why: complaint.why,
    fix: complaint.fix,
    xeroMessages: [],
  }
}

function checkItemTexts(item: LedgerItem): Finding[] {
  if (item.name.trim() === '')
    return [
      complain(item, {
        code: 'item-name-missing',
        field: 'name',
        message: 'has no name.',
        why: 'People choose items in Xero by their names.',
        fix: 'Give the item a name in the ledger.',
      }),
    ]
  const problems = [
    { field: 'code', words: 'a code', problem: textProblem(item.code, codeMax) },
    { field: 'name', words: 'a name', problem: textProblem(item.name.trim(), nameMax) },
    {
      field: 'description',
      words: 'a description',
      problem: textProblem(item.description?.trim() ?? '', descriptionMax, { mayHaveLines: true }),
    },
  ]
  return problems.flatMap(({ field, words, problem }) =>
    problem ? [complain(item, { ...problem, field, message: `has ${words} that ${problem.message}.` })] : [],
  )
}

/** Both sides of an item, with the names of their fields. */
function sidesOf(item: LedgerItem) {
  return [
    { side: 'sales', account: item.saleAccount, taxCode: item.saleTaxCode, prefix: 'sale' },
    { side: 'purchases', account: item.purchaseAccount, taxCode: item.purchaseTaxCode, prefix: 'purchase' },
  ] as const satisfies readonly { side: Side; [field: string]: unknown }[]
}

function checkItemAccounts(item: LedgerItem, { books }: ItemContext): Finding[] {
  return sidesOf(item).flatMap(({ side, account, prefix }) => {
    if (account === null) return []
    const complaint = accountComplaint(xeroAccountOf(account, books), side, books)
    return complaint ? [complain(item, { ...complaint, field: `${prefix}Account` })] : []
  })
}

function checkItemTaxes(item: LedgerItem, { books }: ItemContext): Finding[] {
  return sidesOf(item).flatMap(({ side, account, taxCode, prefix }) => {
    if (taxCode === null) return []
    const taxType = taxTypeOfCode(taxCode, side, books)
    const complaint =
      taxType === null
        ? unmappedCode(taxCode, side)
        : rateComplaint(taxType, account === null ? null : xeroAccountOf(account, books), books)
    return complaint ? [complain(item, { ...complaint, field: `${prefix}TaxCode` })] : []
  })
}

export const itemRules: readonly ItemRule[] = [checkItemTexts, checkItemAccounts, checkItemTaxes]

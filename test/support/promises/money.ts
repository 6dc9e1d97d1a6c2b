// What must hold of the books in Xero, whoever wrote them: nothing above what is due, every journal sums to nothing, and so do
// all accounts together.

import { remainingCredit } from '../../../src/sandbox/credit-record.ts'
import { amountCredited, amountPaid } from '../../../src/sandbox/invoice-record.ts'
import { isTouched, type Watched } from './watched.ts'

export function soundBooks(world: Watched): string[] {
  return world.sandbox.organisations.flatMap(({ tenantId }) => [
    ...nothingAboveDue(world, tenantId),
    ...balancedJournals(world, tenantId),
    ...balancedAccounts(world, tenantId),
  ])
}

function nothingAboveDue(world: Watched, tenantId: string): string[] {
  const { sandbox } = world
  const invoices = sandbox.invoices(tenantId).flatMap((invoice) => {
    const due = invoice.total - amountPaid(invoice) - amountCredited(invoice)
    return due < 0 && !isTouched(world, invoice.id)
      ? [`${invoice.number} is paid ${-due} above its total`]
      : []
  })
  const credits = [
    ...sandbox.creditNotes(tenantId),
    ...sandbox.prepayments(tenantId),
    ...sandbox.overpayments(tenantId),
  ].flatMap((credit) => {
    const left = remainingCredit(credit)
    return left < 0 && !isTouched(world, credit.id)
      ? [`${credit.kind} ${credit.id} gave ${-left} too much`]
      : []
  })
  return [...invoices, ...credits]
}

/** Accounts that no journal may touch (§4.7). */
const systemAccounts: readonly (string | null)[] = ['DEBTORS', 'CREDITORS', 'RETAINEDEARNINGS']

function balancedJournals(world: Watched, tenantId: string): string[] {
  const organisation = world.sandbox.organisations.find((one) => one.tenantId === tenantId)
  return world.sandbox.manualJournals(tenantId).flatMap(({ narration, lines, lineAmountTypes, status }) => {
    if (status !== 'POSTED') return []
    const tax = (line: { taxAmount: number }) => (lineAmountTypes === 'Exclusive' ? line.taxAmount : 0)
    const sum = lines.reduce((left, line) => left + line.lineAmount + tax(line), 0)
    const forbidden = lines.flatMap(({ accountId }) => {
      const account = organisation?.accounts.get(accountId ?? '')
      const isForbidden = account?.type === 'BANK' || systemAccounts.includes(account?.systemAccount ?? '')
      return isForbidden ? [`journal “${narration}” touches ${account?.name}`] : []
    })
    return sum === 0 ? forbidden : [...forbidden, `journal “${narration}” is off by ${sum}`]
  })
}

function balancedAccounts({ sandbox }: Watched, tenantId: string): string[] {
  const sum = sandbox.trialBalance(tenantId).reduce((left, row) => left + row.cents, 0)
  return sum === 0 ? [] : [`the trial balance is off by ${sum}`]
}

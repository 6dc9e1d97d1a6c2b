// The lines of a journal: an account that a journal may touch (§4.7), a tax type that Xero has and that goes with the
// account, a tax that is possible, whole tracking pairs, and a description that is not too long.

import type { Books, Role } from '../accounting/books.ts'
import type { MirrorTaxRate } from '../accounting/documents.ts'
import type { Finding } from '../accounting/findings.ts'
import { type EntryLine, isTaxedEntry } from '../accounting/journal-entry.ts'
import { formatCents } from '../accounting/money.ts'
import { nameKey } from '../accounting/names.ts'
import { findTracking } from '../mapping/tracking.ts'
import type { Complaint } from './document-view.ts'
import { complainOfEntryLine, type JournalView } from './journal-view.ts'
import { textProblem } from './text-rules.ts'

type LineRule = (line: EntryLine, view: JournalView) => Complaint | null

function checkEach(rule: LineRule): (view: JournalView) => Finding[] {
  return (view) =>
    view.entry.lines.flatMap((line) => {
      const complaint = rule(line, view)
      return complaint ? [complainOfEntryLine(view, line, complaint)] : []
    })
}

export const checkEntryAccounts = checkEach((line, view) => {
  const complaint =
    line.account === null
      ? missingAccount(line)
      : entryAccountComplaint(line.account, line.role, view.context.books)
  return complaint && { ...complaint, field: 'account' }
})

function missingAccount({ role }: EntryLine): Complaint {
  if (role === null)
    return {
      code: 'account-missing',
      message: 'has no account.',
      why: 'Xero posts no line without an account.',
      fix: 'Give the line or its item an account in the ledger.',
    }
  return {
    code: 'account-missing',
    message: `needs the account of the role ${role}, and none is named.`,
    why: 'Journals that auxo-sync makes stand on the accounts that role_account names.',
    fix: `Name an account for the role ${role} in role_account.`,
  }
}

/** System accounts that no journal may touch; others, as sales tax or rounding, a journal may (§4.7). */
const controlAccounts: Record<string, string> = {
  DEBTORS: 'accounts receivable',
  CREDITORS: 'accounts payable',
  RETAINEDEARNINGS: 'retained earnings',
}

/**
 * Why no journal may touch an account of Xero's; null where one may, or nothing was read of Xero yet. `role`: by which it
 * was chosen.
 */
export function entryAccountComplaint(code: string, role: Role | null, { mirror }: Books): Complaint | null {
  if (!mirror) return null
  const account = mirror.accounts.get(code)
  const repair =
    role === null
      ? 'Use another account on the line, or map it to another in account_map.'
      : `Name another account for the role ${role} in role_account.`
  if (!account)
    return {
      code: 'account-unknown',
      message: `has account ${code}, which Xero does not have.`,
      why: "An account of the ledger that is not mapped is taken for one of Xero's codes.",
      fix: "Map it to one of Xero's codes in account_map, or add it in Xero and run auxo-sync refresh.",
    }
  const named = `has account ${code} (${account.name})`
  if (account.status !== 'ACTIVE')
    return {
      code: 'account-archived',
      message: `${named}, which is archived in Xero.`,
      why: 'Xero posts only to active accounts.',
      fix: `Restore the account in Xero and run auxo-sync refresh. ${repair}`,
    }
  const control = controlAccounts[account.systemAccount ?? '']
  if (control)
    return {
      code: 'account-system',
      message: `${named}, which Xero keeps for ${control}.`,
      why:
        role === 'debtors'
          ? "No journal may touch Xero's own receivables: sales that go as journals need an account of your own."
          : 'Xero posts to this account by itself, and no journal may touch it.',
      fix: repair,
    }
  if (account.type === 'BANK' || account.type === 'INVENTORY')
    return {
      code: 'account-wrong-class',
      message: `${named}, which is ${account.type === 'BANK' ? 'a bank account' : 'an inventory account'}.`,
      why:
        account.type === 'BANK'
          ? 'No journal may touch a bank account in Xero: money goes through an account such as bank clearing.'
          : 'Xero keeps inventory accounts for tracked items, and no journal may touch them.',
      fix: repair,
    }
  return null
}

export const checkEntryTaxTypes = checkEach((line, view) => {
  const complaint = line.taxType === null ? unmappedTax(line) : taxComplaint(line.taxType, line, view)
  return complaint && { ...complaint, field: 'taxCode' }
})

function unmappedTax({ taxCode, tax, account }: EntryLine): Complaint {
  if (taxCode === null)
    return {
      code: 'tax-unmapped',
      message: `has ${formatCents(tax)} tax and no tax code.`,
      why: 'Xero posts tax by its own tax types.',
      fix: 'Give the line a tax code in the ledger.',
    }
  return {
    code: 'tax-unmapped',
    message: `has tax code ${taxCode}, for which no tax type of Xero is known that goes with account ${account}.`,
    why: 'On income a journal takes the sales type of a tax code, on expenses and assets its purchase type.',
    fix: `Map ${taxCode} in tax_code_map. auxo-sync tax-codes lists Xero's types.`,
  }
}

function taxComplaint(taxType: string, line: EntryLine, { context, entry }: JournalView): Complaint | null {
  const { mirror, region } = context.books
  if (!mirror || !isTaxedEntry(entry, region.noTaxType)) return null
  const rate = mirror.taxRates.get(taxType)
  if (rate?.status !== 'ACTIVE')
    return {
      code: 'tax-unknown',
      message: `has tax type ${taxType}, which Xero ${rate ? 'no longer uses' : 'does not have'}.`,
      why: 'Xero takes only the active tax types of the organisation, spelt exactly.',
      fix: 'Correct the type in tax_code_map; if it is new in Xero, run auxo-sync refresh.',
    }
  const account = line.account === null ? undefined : mirror.accounts.get(line.account)
  if (!account || appliesTo(rate, account.class)) return null
  return {
    code: 'tax-not-applicable',
    message: `has tax type ${taxType} (${rate.name}) on account ${line.account} (${account.name}), with which it does not go.`,
    why: `In Xero this tax rate does not apply to accounts of class ${account.class.toLowerCase()}.`,
    fix: 'Change the tax code or the account of the line, or what they are mapped to.',
  }
}

/** A class that we do not know is Xero's to judge. */
function appliesTo({ canApplyTo }: MirrorTaxRate, accountClass: string): boolean {
  const classes: Record<string, boolean> = {
    ASSET: canApplyTo.assets,
    EQUITY: canApplyTo.equity,
    EXPENSE: canApplyTo.expenses,
    LIABILITY: canApplyTo.liabilities,
    REVENUE: canApplyTo.revenue,
  }
  return classes[accountClass] ?? true
}

export const checkEntryTaxAmounts = checkEach(({ amount, tax }) => {
  if (Math.abs(tax) <= Math.abs(amount) && tax * amount >= 0) return null
  return {
    code: 'tax-amount-invalid',
    field: 'tax',
    message: `has ${formatCents(tax)} tax on ${formatCents(amount)}.`,
    why: 'Xero takes no tax above the amount that it is on, and tax has the sign of its amount.',
    fix: 'Correct the tax of the line in the ledger.',
  }
})

/** Xero keeps two tracking elements a line (§4.7). */
const pairsMax = 2

export function checkEntryTracking(view: JournalView): Finding[] {
  return view.entry.lines.flatMap((line) =>
    trackingComplaints(line, view).map((complaint) =>
      complainOfEntryLine(view, line, { ...complaint, field: 'tracking' }),
    ),
  )
}

function trackingComplaints({ tracking }: EntryLine, { context }: JournalView): Complaint[] {
  const complaints: Complaint[] = []
  for (const { category, option } of tracking) {
    const isWhole = category !== null && option !== null
    const found =
      isWhole && context.books.mirror ? findTracking(context.books.mirror.tracking, category, option) : null
    if (!isWhole)
      complaints.push({
        code: 'tracking-half',
        message: `has tracking ${category ?? option} without ${category === null ? 'a category' : 'an option'}.`,
        why: 'Xero takes a category only together with one of its options.',
        fix: 'Give both on the line in the ledger, or neither.',
      })
    else if (found && (found.category?.status !== 'ACTIVE' || found.option?.status !== 'ACTIVE'))
      complaints.push({
        code: 'tracking-unknown',
        message: `has tracking ${category}: ${option}, which Xero does not have or has archived.`,
        why: 'Tracking is never created in Xero without a person asking for it.',
        fix: 'Add or restore it in Xero and run auxo-sync refresh, or correct it in the ledger.',
      })
  }
  const categories = new Set(tracking.map(({ category }) => nameKey(category ?? '')))
  if (tracking.length > pairsMax || categories.size < tracking.length)
    complaints.push({
      code: 'tracking-twice',
      message:
        tracking.length > pairsMax
          ? `has ${tracking.length} tracking options.`
          : `has tracking category ${tracking[0]?.category} twice.`,
      why: 'A line in Xero takes two tracking options at most, each of its own category.',
      fix: 'Keep one option a category on the line in the ledger.',
    })
  return complaints
}

const descriptionMax = 4000

export const checkEntryTexts = checkEach(({ description }) => {
  const problem = textProblem(description, descriptionMax, { mayHaveLines: true })
  return (
    problem && { ...problem, field: 'description', message: `has a description that ${problem.message}.` }
  )
})

// A reconciliation (V4) for programs: the public JSON, and CSV for a spreadsheet. For people it is reconcile-report.ts.

import { type Cents, formatCents } from '../accounting/money.ts'
import {
  type AccountTotal,
  countReconciled,
  type Figures,
  type KindTotal,
  type ReconciledDocument,
  type Reconciliation,
  totalsOf,
  type XeroFigures,
} from '../accounting/reconciliation.ts'
import { csvRow } from './findings-report.ts'
import { jsonText } from './printable.ts'
import { allDocuments, problemsOf, type ReconcileTelling, verdictText } from './reconcile-report.ts'

/** The public JSON of `reconcile`, as one line. */
export function reconcileJson(
  report: Reconciliation,
  { isBrief }: Pick<ReconcileTelling, 'isBrief'>,
): string {
  const documents = isBrief ? problemsOf(report) : allDocuments(report)
  return `${jsonText({
    month: report.month,
    documents: documents.map(documentJson),
    totals: totalsJson(totalsOf(allDocuments(report))),
    counts: countReconciled(report),
    onlyInXero: report.organisations.flatMap(({ onlyInXero, organisation }) =>
      onlyInXero.map((one) => ({
        organisation,
        ...one,
        total: formatCents(one.total),
        due: formatCents(one.due),
      })),
    ),
    accounts: report.organisations.flatMap(({ accounts, organisation }) =>
      accounts.map((one) => ({ organisation, ...accountJson(one) })),
    ),
    organisations: report.organisations.map((one) => ({
      organisation: one.organisation,
      entities: one.entities,
      readAt: instant(one.readAt),
      pulledAt: instant(one.pulledAt),
      mirrorReadAt: instant(one.mirrorReadAt),
      calls: one.calls,
      drafts: one.drafts,
      notes: one.notes,
      accountsNotCompared: one.accountsNotCompared,
    })),
  })}\n`
}

function documentJson({ verdict, ledger, xero, variance, ...one }: ReconciledDocument) {
  const isProblem = verdict.result === 'problem'
  return {
    ...one,
    ledger: ledger && { ...ledger, ...decimals(ledger), adjusted: formatCents(ledger.adjusted) },
    xero: xero && { ...xero, ...decimals(xero) },
    variance: formatCents(variance),
    result: verdict.result,
    problem: isProblem ? verdict.text : null,
    code: isProblem ? verdict.code : null,
    fix: isProblem ? verdict.fix : null,
    note: verdict.result === 'not_compared' ? verdict.why : null,
  }
}

function decimals({ total, paid, credited, due }: Figures) {
  return {
    total: formatCents(total),
    paid: formatCents(paid),
    credited: formatCents(credited),
    due: formatCents(due),
  }
}

/** `{"invoice":{"NZD":{"ledger":{…},"xero":{…},"variance":"0.00"}}}` */
function totalsJson(totals: readonly KindTotal[]) {
  const kinds: Record<string, Record<string, object>> = {}
  for (const { kind, currency, ledger, xero, variance } of totals) {
    const ofCurrency = {
      ledger: { documents: ledger.documents, ...decimals(ledger) },
      xero: { documents: xero.documents, ...decimals(xero) },
      variance: formatCents(variance),
    }
    kinds[kind] = { ...kinds[kind], [currency]: ofCurrency }
  }
  return kinds
}

function accountJson({ ledger, xero, variance, ...one }: AccountTotal) {
  const decimal = (amount: Cents | null) => (amount === null ? null : formatCents(amount))
  return { ...one, ledger: formatCents(ledger), xero: decimal(xero), variance: decimal(variance) }
}

const instant = (ms: number | null) => (ms === null ? null : new Date(ms).toISOString())

const sides = ['total', 'paid', 'credited', 'due'] as const

/** RFC 4180: a row a document under a header, what only Xero has at the end. */
export function reconcileCsv(report: Reconciliation, { isBrief }: Pick<ReconcileTelling, 'isBrief'>): string {
  const header = [
    'entity,kind,number,id,contact,date,currency,result'.split(','),
    sides.map((side) => `ledger_${side}`),
    ['ledger_status', 'ledger_state', 'xero_number', 'xero_date'],
    sides.map((side) => `xero_${side}`),
    'xero_status,xero_id,variance,problem,what_to_do'.split(','),
  ].flat()
  const rows = (isBrief ? problemsOf(report) : allDocuments(report)).map((one) => {
    const { ledger, xero, verdict } = one
    return csvRow([
      ...[one.entity, one.kind, one.number, one.id ?? '', one.contact ?? '', one.date ?? '', one.currency],
      verdict.result,
      ...figureCells(ledger),
      ...[ledger?.status ?? '', ledger?.state ?? ''],
      ...xeroCells(xero),
      one.variance,
      verdictText(one),
      verdict.result === 'problem' ? verdict.fix : '',
    ])
  })
  const foreign = isBrief ? [] : report.organisations.flatMap(({ onlyInXero }) => onlyInXero)
  const others = foreign.map((one) =>
    csvRow([
      ...[
        '',
        one.kind,
        one.number ?? '',
        '',
        one.contact ?? '',
        one.date ?? '',
        one.currency,
        'only_in_xero',
      ],
      ...['', '', '', '', '', '', one.number ?? '', one.date ?? ''],
      ...[one.total, '', '', one.due, one.status, one.id, '', '', ''],
    ]),
  )
  return [csvRow(header), ...rows, ...others].join('')
}

function figureCells(figures: Figures | null): (string | Cents)[] {
  return sides.map((side) => figures?.[side] ?? '')
}

function xeroCells(xero: XeroFigures | null): (string | Cents)[] {
  return [xero?.number ?? '', xero?.date ?? '', ...figureCells(xero), xero?.status ?? '', xero?.id ?? '']
}

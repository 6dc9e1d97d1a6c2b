// Accounts of a chart: their record, the class that follows from a type, and the standard charts of the demo companies (§6).
// What may be posted to them is document-rules.ts's business.

export const accountTypes = [
  'BANK',
  'CURRENT',
  'CURRLIAB',
  'DEPRECIATN',
  'DIRECTCOSTS',
  'EQUITY',
  'EXPENSE',
  'FIXED',
  'INVENTORY',
  'LIABILITY',
  'NONCURRENT',
  'OTHERINCOME',
  'OVERHEADS',
  'PREPAYMENT',
  'REVENUE',
  'SALES',
  'TERMLIAB',
  'PAYG',
] as const
export type AccountType = (typeof accountTypes)[number]
export type AccountClass = 'ASSET' | 'EQUITY' | 'EXPENSE' | 'LIABILITY' | 'REVENUE'

export interface Account {
  readonly id: string
  readonly updatedAt: number
  readonly code: string | null
  readonly name: string
  readonly type: AccountType
  readonly taxType: string
  readonly status: 'ACTIVE' | 'ARCHIVED'
  readonly description: string | null
  readonly systemAccount: string | null
  readonly enablePayments: boolean
  readonly bankAccountNumber: string | null
  readonly currencyCode: string | null
}

const classes: Record<AccountType, AccountClass> = {
  BANK: 'ASSET',
  CURRENT: 'ASSET',
  CURRLIAB: 'LIABILITY',
  DEPRECIATN: 'EXPENSE',
  DIRECTCOSTS: 'EXPENSE',
  EQUITY: 'EQUITY',
  EXPENSE: 'EXPENSE',
  FIXED: 'ASSET',
  INVENTORY: 'ASSET',
  LIABILITY: 'LIABILITY',
  NONCURRENT: 'ASSET',
  OTHERINCOME: 'REVENUE',
  OVERHEADS: 'EXPENSE',
  PREPAYMENT: 'ASSET',
  REVENUE: 'REVENUE',
  SALES: 'REVENUE',
  TERMLIAB: 'LIABILITY',
  PAYG: 'LIABILITY',
}

export function classOf(type: AccountType): AccountClass {
  return classes[type]
}

export interface AccountSeed {
  code: string
  name: string
  type: AccountType
  taxType: string
  status?: 'ACTIVE' | 'ARCHIVED'
  systemAccount?: string
  enablePayments?: boolean
  bankAccountNumber?: string
  currencyCode?: string
}

/** The tax types that a country's chart puts on its accounts. */
interface ChartTaxes {
  sales: string
  purchases: string
  none: string
}

const nzTaxes: ChartTaxes = { sales: 'OUTPUT2', purchases: 'INPUT2', none: 'NONE' }
const auTaxes: ChartTaxes = { sales: 'OUTPUT', purchases: 'INPUT', none: 'BASEXCLUDED' }

type Row = readonly [
  code: string,
  name: string,
  type: AccountType,
  tax: keyof ChartTaxes,
  more?: Partial<AccountSeed>,
]

const common: readonly Row[] = [
  ['200', 'Sales', 'REVENUE', 'sales'],
  ['260', 'Other Revenue', 'REVENUE', 'sales'],
  ['270', 'Interest Income', 'REVENUE', 'none'],
  ['300', 'Purchases', 'DIRECTCOSTS', 'purchases'],
  ['310', 'Cost of Goods Sold', 'DIRECTCOSTS', 'purchases'],
  ['400', 'Advertising', 'EXPENSE', 'purchases'],
  ['404', 'Bank Fees', 'EXPENSE', 'none'],
  ['408', 'Cleaning', 'EXPENSE', 'purchases'],
  ['412', 'Consulting & Accounting', 'EXPENSE', 'purchases'],
  ['416', 'Depreciation', 'DEPRECIATN', 'none'],
  ['420', 'Entertainment', 'EXPENSE', 'purchases'],
  ['425', 'Freight & Courier', 'EXPENSE', 'purchases'],
  ['429', 'General Expenses', 'EXPENSE', 'purchases'],
  ['433', 'Insurance', 'EXPENSE', 'purchases'],
  ['437', 'Interest Expense', 'EXPENSE', 'none'],
  ['441', 'Legal expenses', 'EXPENSE', 'purchases'],
  ['445', 'Light, Power, Heating', 'EXPENSE', 'purchases'],
  ['449', 'Motor Vehicle Expenses', 'EXPENSE', 'purchases'],
  ['453', 'Office Expenses', 'EXPENSE', 'purchases'],
  ['461', 'Printing & Stationery', 'EXPENSE', 'purchases'],
  ['469', 'Rent', 'EXPENSE', 'purchases'],
  ['473', 'Repairs and Maintenance', 'EXPENSE', 'purchases'],
  ['477', 'Salaries', 'EXPENSE', 'none'],
  ['485', 'Subscriptions', 'EXPENSE', 'purchases'],
  ['489', 'Telephone & Internet', 'EXPENSE', 'purchases'],
  ['493', 'Travel - National', 'EXPENSE', 'purchases'],
  ['497', 'Bank Revaluations', 'EXPENSE', 'none', { systemAccount: 'BANKCURRENCYGAIN' }],
  ['498', 'Unrealised Currency Gains', 'EXPENSE', 'none', { systemAccount: 'UNREALISEDCURRENCYGAIN' }],
  ['499', 'Realised Currency Gains', 'EXPENSE', 'none', { systemAccount: 'REALISEDCURRENCYGAIN' }],
  ['505', 'Income Tax Expense', 'EXPENSE', 'none'],
  ['599', 'Old Sundry Expenses', 'EXPENSE', 'purchases', { status: 'ARCHIVED' }],
  ['610', 'Accounts Receivable', 'CURRENT', 'none', { systemAccount: 'DEBTORS' }],
  ['620', 'Prepayments', 'CURRENT', 'none'],
  ['630', 'Inventory', 'INVENTORY', 'none'],
  ['631', 'Stock on Hand', 'CURRENT', 'purchases'],
  ['632', 'Work in Progress', 'CURRENT', 'purchases'],
  ['710', 'Office Equipment', 'FIXED', 'purchases'],
  ['711', 'Less Accumulated Depreciation on Office Equipment', 'FIXED', 'none'],
  ['720', 'Computer Equipment', 'FIXED', 'purchases'],
  ['721', 'Less Accumulated Depreciation on Computer Equipment', 'FIXED', 'none'],
  ['800', 'Accounts Payable', 'CURRLIAB', 'none', { systemAccount: 'CREDITORS' }],
  ['801', 'Unpaid Expense Claims', 'CURRLIAB', 'none', { systemAccount: 'UNPAIDEXPCLM' }],
  ['814', 'Wages Payable - Payroll', 'CURRLIAB', 'none'],
  ['820', 'GST', 'CURRLIAB', 'none', { systemAccount: 'GST' }],
  ['825', 'PAYE Payable', 'CURRLIAB', 'none'],
  ['830', 'Income Tax', 'CURRLIAB', 'none'],
  ['835', 'Revenue Received in Advance', 'CURRLIAB', 'none'],
  ['840', 'Historical Adjustment', 'CURRLIAB', 'none', { systemAccount: 'HISTORICAL' }],
  ['850', 'Suspense', 'CURRLIAB', 'none'],
  ['855', 'Payments Clearing', 'CURRENT', 'none', { enablePayments: true }],
  ['860', 'Rounding', 'CURRLIAB', 'none', { systemAccount: 'ROUNDING' }],
  ['877', 'Tracking Transfers', 'CURRLIAB', 'none', { systemAccount: 'TRACKINGTRANSFERS' }],
  ['900', 'Loan', 'TERMLIAB', 'none'],
  ['960', 'Retained Earnings', 'EQUITY', 'none', { systemAccount: 'RETAINEDEARNINGS' }],
]

const nzOnly: readonly Row[] = [
  [
    '090',
    'Business Bank Account',
    'BANK',
    'none',
    { bankAccountNumber: '1201020345678000', currencyCode: 'NZD' },
  ],
  [
    '091',
    'Business Savings Account',
    'BANK',
    'none',
    { bankAccountNumber: '0209087654321050', currencyCode: 'NZD' },
  ],
  ['880', 'Owner A Drawings', 'EQUITY', 'none', { enablePayments: true }],
  ['970', 'Owner A Funds Introduced', 'EQUITY', 'none', { enablePayments: true }],
  ['980', 'Owner A Share Capital', 'EQUITY', 'none', { enablePayments: true }],
]

const auOnly: readonly Row[] = [
  [
    '090',
    'Business Bank Account',
    'BANK',
    'none',
    { bankAccountNumber: '01348712345678', currencyCode: 'AUD' },
  ],
  [
    '091',
    'Business Savings Account',
    'BANK',
    'none',
    { bankAccountNumber: '01348787654321', currencyCode: 'AUD' },
  ],
  ['880', 'Owner A Drawings', 'EQUITY', 'none', { enablePayments: true }],
  ['881', 'Owner A Funds Introduced', 'EQUITY', 'none', { enablePayments: true }],
  ['970', 'Owner A Share Capital', 'EQUITY', 'none', { enablePayments: true }],
]

function chart(rows: readonly Row[], taxes: ChartTaxes): AccountSeed[] {
  return rows
    .map(([code, name, type, tax, more]) => ({ code, name, type, taxType: taxes[tax], ...more }))
    .sort((a, b) => (a.code < b.code ? -1 : 1))
}

export const nzChart: readonly AccountSeed[] = chart([...nzOnly, ...common], nzTaxes)
export const auChart: readonly AccountSeed[] = chart([...auOnly, ...common], auTaxes)

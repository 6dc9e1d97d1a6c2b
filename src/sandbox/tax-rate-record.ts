// Tax rates with the account classes that each may be used on, as recorded from the NZ demo company and listed for AU (§6).

import type { AccountClass } from './account-record.ts'

export interface TaxRate {
  readonly taxType: string
  readonly name: string
  readonly reportTaxType: string
  /** Percent, such as 15 or 12.5. */
  readonly rate: number
  readonly status: 'ACTIVE' | 'DELETED' | 'ARCHIVED'
  readonly classes: readonly AccountClass[]
}

const all: readonly AccountClass[] = ['ASSET', 'EQUITY', 'EXPENSE', 'LIABILITY', 'REVENUE']
const purchases: readonly AccountClass[] = ['ASSET', 'EQUITY', 'EXPENSE', 'LIABILITY']
const sales: readonly AccountClass[] = ['ASSET', 'EQUITY', 'LIABILITY', 'REVENUE']

function taxRate(
  taxType: string,
  name: string,
  reportTaxType: string,
  rate: number,
  on: readonly AccountClass[],
  status: TaxRate['status'] = 'ACTIVE',
): TaxRate {
  return { taxType, name, reportTaxType, rate, classes: on, status }
}

export const nzTaxRates: readonly TaxRate[] = [
  taxRate('INPUT', '12.5% GST on Expenses', 'INPUT', 12.5, purchases, 'DELETED'),
  taxRate('OUTPUT', '12.5% GST on Income', 'OUTPUT', 12.5, sales, 'DELETED'),
  taxRate('INPUT2', '15% GST on Expenses', 'INPUT', 15, purchases),
  taxRate('OUTPUT2', '15% GST on Income', 'OUTPUT', 15, sales),
  taxRate('GSTONIMPORTS', 'GST on Imports', 'GSTONIMPORTS', 0, ['LIABILITY']),
  taxRate('NONE', 'No GST', 'NONE', 0, all),
  taxRate('ZERORATED', 'Zero Rated', 'OUTPUT', 0, ['LIABILITY', 'REVENUE']),
]

export const auTaxRates: readonly TaxRate[] = [
  taxRate('BASEXCLUDED', 'BAS Excluded', 'BASEXCLUDED', 0, all),
  taxRate('GSTONCAPIMPORTS', 'GST on Capital Imports', 'GSTONCAPIMPORTS', 0, ['LIABILITY']),
  taxRate('GSTONIMPORTS', 'GST on Imports', 'GSTONIMPORTS', 0, ['LIABILITY']),
  taxRate('CAPEXINPUT', 'GST on Capital', 'CAPITALEXPENSESINPUT', 10, purchases),
  taxRate('EXEMPTCAPITAL', 'GST Free Capital', 'EXEMPTCAPITAL', 0, purchases),
  taxRate('INPUT', 'GST on Expenses', 'INPUT', 10, purchases),
  taxRate('EXEMPTEXPENSES', 'GST Free Expenses', 'EXEMPTEXPENSES', 0, purchases),
  taxRate('INPUTTAXED', 'Input Taxed', 'INPUTTAXED', 0, all),
  taxRate('OUTPUT', 'GST on Income', 'OUTPUT', 10, sales),
  taxRate('EXEMPTOUTPUT', 'GST Free Income', 'EXEMPTOUTPUT', 0, sales),
  taxRate('EXEMPTEXPORT', 'GST Free Exports', 'EXEMPTEXPORT', 0, sales),
]

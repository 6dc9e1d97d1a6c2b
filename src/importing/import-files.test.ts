// What import puts into the ledger, and what it leaves alone (D2, D3).

import { execFileSync } from 'node:child_process'
import { mkdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import Big from 'big.js'
import { parse } from 'csv-parse/sync'
import fc from 'fast-check'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { type CsvLedger, csvLedger } from '../../test/support/csv-ledger.ts'
import { formatCents, formatE4 } from '../accounting/money.ts'
import { importFiles } from './import-files.ts'

let at: CsvLedger
beforeEach(() => {
  at = csvLedger()
})
afterEach(() => at.close())

const demo = readFileSync(new URL('../../fixtures/demo/sales-invoices.csv', import.meta.url), 'utf8')
const salesHeader =
  '*ContactName,EmailAddress,*InvoiceNumber,Reference,*InvoiceDate,*DueDate,Total,*Description,*Quantity,*UnitAmount,Discount,*AccountCode,*TaxType,TaxAmount,Currency\n'
const sales = (...lines: string[]) => `${salesHeader}${lines.join('\n')}\n`

/** One file of every kind, in an order in which they can be loaded. */
const everyKind: [kind: string, text: string][] = [
  ['entities', 'code,name,region,base_currency\nNZ01,Workshop,nz,NZD\nUK01,London,UK,\n'],
  [
    'contacts',
    'code,name,is_customer,active,email,street_1,postal_city,notes\nACME,Acme Ltd,yes,,a@acme.example,"1 Long St, Flat 2",Nelson,"two\nlines"\nBELL,Bell & Co,1,no,,,,\n',
  ],
  [
    'items',
    'code,name,sale_price,sale_account,sale_tax_code,is_stocked,average_cost\nOIL,Engine oil,11.8375,200,OUTPUT2,yes,7.5\n',
  ],
  ['setting', 'entity,name,value\nNZ01,chunk_size,50\nNZ01,number_prefix,\n'],
  ['account_map', 'entity,account,xero_code\nNZ01,4000,200\n'],
  ['tax_code_map', 'entity,tax_code,sales_type,purchase_type\nNZ01,S15,OUTPUT2,INPUT2\n'],
  ['payment_method_map', 'entity,method,xero_account\nNZ01,EFTPOS,606\n'],
  ['role_account', 'entity,role,account\nNZ01,rounding,860\n'],
  [
    'documents',
    'entity,kind,number,contact,status,date,due_date,currency,exchange_rate,amounts,job,line_kind,item,description,quantity,unit_price,discount_percent,account,tax_code,tracking_1_category,tracking_1_option\n' +
      'NZ01,invoice,INV-1,ACME,sent,2026-11-01,2026-11-20,,,,J1,labour,,Work,1.5,95,10,4000,S15,Region,North\n' +
      'NZ01,invoice,INV-1,ACME,sent,2026-11-01,2026-11-20,,,,J1,part,OIL,,4.5,11.8375,,,,,\n' +
      'NZ01,bill,88,TYRES,sent,2026-11-02,,AUD,0.91,inclusive,,part,,Tyres,4,120,,300,S15,,\n',
  ],
  [
    'payments',
    'id,entity,kind,contact,method,date,document,amount,receipt_amount\nP1,NZ01,payment,ACME,EFTPOS,2026-11-05,INV-1,50,80\nP1,NZ01,payment,ACME,EFTPOS,2026-11-05,NZ01:bill:TYRES:88,20.5,80\nP2,NZ01,deposit,ACME,,2026-11-06,,30,\n',
  ],
  [
    'journals',
    'id,entity,kind,date,narration,status,account,description,amount,tax\nJ1,NZ01,general,2026-11-03,Accrual,posted,400,Power,100,15\nJ1,NZ01,general,2026-11-03,Accrual,posted,800,Power,-115,\n',
  ],
  [
    'stock',
    'id,entity,item,date,kind,quantity,unit_cost,note\nS1,NZ01,OIL,2026-11-03,adjustment,-2.5,7.5,spilt\n',
  ],
  [
    'sales-invoices',
    sales(
      'New Ltd,n@new.example,X-1,ref,01/11/2026,20/11/2026,,Work,2,10.1234,5,200,15% GST on Income,,NZD',
      'New Ltd,n@new.example,X-1,ref,01/11/2026,20/11/2026,,More,1,5,,200,Zero Rated,,NZD',
      'New Ltd,n@new.example,X-2,,01/11/2026,20/11/2026,,Return,-1,8,,200,15% GST on Income,,',
    ),
  ],
  [
    'bills',
    '*ContactName,EmailAddress,POAddressLine1,POAddressLine2,POAddressLine3,POAddressLine4,POCity,PORegion,POPostalCode,POCountry,*InvoiceNumber,*InvoiceDate,*DueDate,Total,InventoryItemCode,Description,*Quantity,*UnitAmount,*AccountCode,*TaxType,TaxAmount,TrackingName1,TrackingOption1,TrackingName2,TrackingOption2,Currency\n' +
      'Acme Ltd,,,,,,,,,,7,02/11/2026,20/11/2026,,,Rent,1,500,400,15% GST on Expenses,,,,,,\n' +
      'Other Ltd,,,,,,,,,,7,02/11/2026,20/11/2026,,,Rent,1,600,400,15% GST on Expenses,,,,,,\n',
  ],
  [
    'credit-notes',
    '*ContactName,EmailAddress,*CreditNoteNumber,Reference,*CreditNoteDate,DueDate,Total,InventoryItemCode,*Description,*Quantity,*UnitAmount,Discount,*AccountCode,*TaxType,TaxAmount,TrackingName1,TrackingOption1,TrackingName2,TrackingOption2,Currency,BrandingTheme\n' +
      'New Ltd,,CN-1,X-1,03/11/2026,,,,Returned,2,5.5,10,200,15% GST on Income,,Region,North,,,,\n',
  ],
  [
    'credit-allocations',
    'credit,document,amount,date\nCN-1,X-1,4.5,2026-11-04\nNZ01:credit_note:CN-1,INV-1,2,\n',
  ],
  ['attachments', 'document,file,include_online\nX-1,scans/job.pdf,yes\nNZ01:bill:TYRES:88,docket.pdf,\n'],
  [
    'xero-contacts',
    '*ContactName,AccountNumber,EmailAddress,FirstName,LastName,POAddressLine1,POAddressLine2,POAddressLine3,PhoneNumber,Person1FirstName,Person1Email,Person1IncludeInEmail\n' +
      'Acme Ltd,,,Ann,Ames,PO Box 1,Level 2,The Mall,09 123 4567,Bob,bob@acme.example,yes\n',
  ],
]

async function loadEveryKind(): Promise<void> {
  for (const [kind, text] of everyKind) {
    const report = await at.loaded(text, { entity: kind === 'entities' ? undefined : 'NZ01' })
    expect(report.kind).toBe(kind)
  }
}

describe('every kind of file', () => {
  test('is recognised by its header and lands in its tables', async () => {
    await loadEveryKind()
    expect(at.rows('SELECT * FROM billing_entity')).toEqual([
      { code: 'NZ01', name: 'Workshop', region: 'NZ', base_currency: 'NZD' },
      { code: 'UK01', name: 'London', region: 'GB', base_currency: null },
    ])
    expect(at.rows("SELECT * FROM contact WHERE code IN ('ACME', 'TYRES') ORDER BY code")).toMatchObject([
      {
        name: 'Acme Ltd',
        is_customer: 1,
        active: 1,
        email: 'a@acme.example',
        phone: '09 123 4567',
        street_1: '1 Long St, Flat 2',
        postal_street_1: 'PO Box 1',
        postal_street_2: 'Level 2, The Mall',
        postal_city: 'Nelson',
        notes: 'two\nlines',
      },
      { name: 'TYRES', is_customer: 0, is_supplier: 1 },
    ])
    expect(at.rows('SELECT * FROM contact_person')).toEqual([
      {
        contact: 'ACME',
        position: 1,
        first_name: 'Ann',
        last_name: 'Ames',
        email: null,
        include_in_emails: 0,
      },
      {
        contact: 'ACME',
        position: 2,
        first_name: 'Bob',
        last_name: null,
        email: 'bob@acme.example',
        include_in_emails: 1,
      },
    ])
    expect(at.rows('SELECT * FROM item')).toMatchObject([
      {
        code: 'OIL',
        sale_price_e4: 118_375,
        is_stocked: 1,
        average_cost_e4: 75_000,
        purchase_price_e4: null,
      },
    ])
    expect(at.rows('SELECT * FROM setting ORDER BY name')).toMatchObject([
      { name: 'chunk_size', value: '50' },
      { name: 'number_prefix', value: '' },
    ])
    expect(at.rows('SELECT who, entity, what, detail FROM event ORDER BY what')).toEqual([
      { who: 'tester', entity: 'NZ01', what: 'setting chunk_size', detail: '{"from":null,"to":"50"}' },
      { who: 'tester', entity: 'NZ01', what: 'setting number_prefix', detail: '{"from":null,"to":""}' },
    ])
    expect(at.rows('SELECT * FROM stock_movement')).toMatchObject([
      { quantity_e4: -25_000, unit_cost_e4: 75_000, note: 'spilt' },
    ])
    expect(at.rows('SELECT * FROM journal_line ORDER BY position')).toMatchObject([
      { account: '400', amount_cents: 10_000, tax_cents: 1500 },
      { account: '800', amount_cents: -11_500, tax_cents: 0 },
    ])
    expect(at.rows('SELECT id, kind, amount_cents, state, origin FROM payment ORDER BY id')).toEqual([
      { id: 'P1', kind: 'payment', amount_cents: 8000, state: 'received', origin: 'ledger' },
      { id: 'P2', kind: 'deposit', amount_cents: 3000, state: 'received', origin: 'ledger' },
    ])
    expect(at.rows('SELECT * FROM payment_allocation ORDER BY document')).toEqual([
      { payment: 'P1', document: 'NZ01:bill:TYRES:88', amount_cents: 2050, date: null },
      { payment: 'P1', document: 'NZ01:invoice:INV-1', amount_cents: 5000, date: null },
    ])
    expect(at.rows('SELECT * FROM credit_allocation ORDER BY document')).toEqual([
      {
        credit: 'NZ01:credit_note:CN-1',
        document: 'NZ01:invoice:INV-1',
        amount_cents: 200,
        date: null,
        origin: 'ledger',
      },
      {
        credit: 'NZ01:credit_note:CN-1',
        document: 'NZ01:invoice:X-1',
        amount_cents: 450,
        date: '2026-11-04',
        origin: 'ledger',
      },
    ])
    expect(at.rows('SELECT * FROM document_attachment ORDER BY document')).toEqual([
      { document: 'NZ01:bill:TYRES:88', file: 'docket.pdf', include_online: 0 },
      { document: 'NZ01:invoice:X-1', file: 'scans/job.pdf', include_online: 1 },
    ])
    expect(at.ledger.sqlite.pragma('foreign_key_check')).toEqual([])
  })

  test('computes what documents leave out', async () => {
    await loadEveryKind()
    const documents = at.rows(
      'SELECT id, contact, status, amounts, currency, exchange_rate_e6 AS rate, subtotal_cents AS sub, tax_cents AS tax, total_cents AS total FROM document ORDER BY id',
    )
    const base = { status: 'sent', amounts: 'exclusive', currency: null, rate: null }
    expect(documents).toEqual([
      { ...base, id: 'NZ01:bill:ACME:7', contact: 'ACME', sub: 50_000, tax: 7500, total: 57_500 },
      { ...base, id: 'NZ01:bill:Other Ltd:7', contact: 'Other Ltd', sub: 60_000, tax: 9000, total: 69_000 },
      {
        ...base,
        id: 'NZ01:bill:TYRES:88',
        contact: 'TYRES',
        amounts: 'inclusive',
        currency: 'AUD',
        rate: 910_000,
        sub: 41_739,
        tax: 6261,
        total: 48_000,
      },
      { ...base, id: 'NZ01:credit_note:CN-1', contact: 'New Ltd', sub: 990, tax: 149, total: 1139 },
      { ...base, id: 'NZ01:credit_note:X-2', contact: 'New Ltd', sub: 800, tax: 120, total: 920 },
      // 128.25 and 53.27 at 15 %: 19.24 and 7.99; below 19.23 at 15 %: 2.88.
      { ...base, id: 'NZ01:invoice:INV-1', contact: 'ACME', sub: 18_152, tax: 2723, total: 20_875 },
      {
        ...base,
        id: 'NZ01:invoice:X-1',
        contact: 'New Ltd',
        currency: 'NZD',
        sub: 2423,
        tax: 288,
        total: 2711,
      },
    ])
    expect(
      at.rows(
        "SELECT quantity_e4, unit_price_e4, amount_cents FROM document_line WHERE document LIKE '%X-2'",
      ),
    ).toEqual([{ quantity_e4: 10_000, unit_price_e4: 80_000, amount_cents: 800 }])
  })

  test('changes nothing when it is imported again: no stamp, no revision, no event', async () => {
    await loadEveryKind()
    const before = at.dump()
    for (const [kind, text] of everyKind) {
      const { tables } = await at.loaded(text, { entity: kind === 'entities' ? undefined : 'NZ01' })
      for (const [table, counts] of Object.entries(tables)) {
        expect([kind, table, counts.new, counts.changed, counts.removed]).toEqual([kind, table, 0, 0, 0])
        expect(counts.unchanged).toBeGreaterThan(0)
      }
      expect(at.dump()).toBe(before)
    }
  })

  test('does everything but write in a dry run, files after each other', async () => {
    const names = everyKind.map(([kind, text]) => at.write(`${kind}.csv`, text))
    const before = at.dump()
    const options = { who: 'tester', entity: 'NZ01' }
    const rehearsed = await importFiles(at.ledger, names, { ...options, dryRun: true })
    expect(at.dump()).toBe(before)
    const real = await importFiles(at.ledger, names, { ...options, dryRun: false })
    expect(rehearsed).toEqual({ files: real.files.map((file) => ({ ...file, dryRun: true })) })
    expect(real.files.flatMap((file) => file.problems)).toEqual([])
  })
})

describe('receipts', () => {
  const header =
    'id,kind,contact,method,account,date,document,amount,receipt_amount,currency,exchange_rate,reference,state,refund_of,allocation_date\n'
  const payments = () =>
    at.rows(
      'SELECT id, kind, account, amount_cents AS amount, currency, exchange_rate_e6 AS rate, state, refund_of FROM payment ORDER BY id',
    )

  beforeEach(async () => {
    await at.loaded(
      'id,kind,number,contact,status,date,amount\ni1,invoice,INV-1,A,sent,2026-11-01,50\ni2,invoice,INV-2,A,sent,2026-11-01,70\nc1,credit_note,CN-1,A,sent,2026-11-02,20\n',
    )
  })

  test('have several allocations, and may be more than they allocate', async () => {
    await at.loaded(
      `${header}R1,payment,A,eftpos,,2026-11-05,INV-1,50,,,,,,,\nR1,payment,A,eftpos,,2026-11-05,INV-2,30,,,,,,,2026-11-06\nR2,payment,A,,606,2026-11-07,i2,40,100,USD,0.61,ref,,,\n`,
    )
    expect(payments()).toMatchObject([
      { id: 'R1', amount: 8000, rate: null },
      { id: 'R2', account: '606', amount: 10_000, currency: 'USD', rate: 610_000 },
    ])
    expect(at.rows('SELECT document AS d, amount_cents AS a, date FROM payment_allocation')).toEqual([
      { d: 'i1', a: 5000, date: null },
      { d: 'i2', a: 3000, date: '2026-11-06' },
      { d: 'i2', a: 4000, date: null },
    ])
  })

  test('are deposits before there is an invoice, discounts, refunds of credits and of receipts', async () => {
    await at.loaded(
      `${header}D1,deposit,A,cash,,2026-11-01,,25,,,,,,,\nX1,discount,A,,,2026-11-05,INV-1,2,,,,,,,\nF1,refund,A,,,2026-11-08,CN-1,20,,,,,,,\nF2,refund,A,,,2026-11-09,,5,,,,,,D1,\nP9,payment,A,,,2026-11-09,INV-2,1,,,,,deleted,,\n`,
    )
    expect(payments()).toMatchObject([
      { id: 'D1', kind: 'deposit', amount: 2500, refund_of: null },
      { id: 'F1', kind: 'refund', amount: 2000, refund_of: null },
      { id: 'F2', kind: 'refund', amount: 500, refund_of: 'D1' },
      { id: 'P9', state: 'deleted' },
      { id: 'X1', kind: 'discount', amount: 200 },
    ])
    expect(at.rows("SELECT document FROM payment_allocation WHERE payment = 'F1'")).toEqual([
      { document: 'c1' },
    ])
  })
})

describe('what a document line says of stock', () => {
  test('is kept: supply and average cost of sold parts, destination and quantity received of bought ones', async () => {
    await at.loaded(
      'kind,number,contact,status,date,source_document,line_kind,item,description,quantity,unit_price,account,supply,average_cost,destination,quantity_received\n' +
        'invoice,1,A,sent,2026-11-01,,part,OIL,,2,10,200,job_ordered,4.1234,,\n' +
        'supplier_credit,2,B,sent,2026-11-01,po-7,part,OIL,,2,4,,,,stock,1.5\n',
    )
    expect(
      at.rows(
        'SELECT supply, average_cost_e4 AS cost, destination, quantity_received_e4 AS received FROM document_line ORDER BY document',
      ),
    ).toEqual([
      { supply: 'job_ordered', cost: 41_234, destination: null, received: null },
      { supply: null, cost: null, destination: 'stock', received: 15_000 },
    ])
    expect(at.rows("SELECT source_document AS d FROM document WHERE number = '2'")).toEqual([{ d: 'po-7' }])
  })
})

describe('files of documents', () => {
  const csv = 'document,file\ninv,note.txt\n'
  const invoice = 'id,kind,number,contact,status,date,amount\ninv,invoice,1,A,sent,2026-11-01,5\n'
  const files = () => at.rows('SELECT file FROM document_attachment').map(({ file }) => file)

  test('beside the CSV are named from the folder of the ledger', async () => {
    await at.loaded(invoice)
    mkdirSync(join(at.folder, 'october'))
    at.write('october/note.txt', 'worn')
    const options = { dryRun: false, who: 'tester', folder: at.folder }
    const name = join('october', 'attachments.csv')
    at.write(name, csv)
    await importFiles(at.ledger, [name], options)
    expect(files()).toEqual([join('october', 'note.txt')])
  })

  test('beside a CSV elsewhere are named in full, and those that are nowhere as they are written', async () => {
    await at.loaded(invoice)
    const other = csvLedger()
    const elsewhere = other.write('attachments.csv', csv)
    const note = other.write('note.txt', 'worn')
    const options = { dryRun: false, who: 'tester' }
    await importFiles(at.ledger, [elsewhere], options)
    expect(files()).toEqual([note])
    other.close()
    at.ledger.sqlite.exec('DELETE FROM document_attachment')
    await at.loaded(csv)
    expect(files()).toEqual(['note.txt'])
  })
})

describe('the demo', () => {
  test('is 350 invoices of 60 customers, to the cent', async () => {
    const report = await at.loaded(demo)
    expect(report.tables).toMatchObject({ contact: { new: 60 }, document: { new: 350 } })
    // Computed here anew, by decimals and not by the program's integers.
    const totals = new Map<string, Big>()
    for (const row of parse(demo, { columns: true }) as Record<string, string>[]) {
      const price = new Big(row['*Quantity'] ?? '').times(row['*UnitAmount'] ?? '')
      const net = price
        .times(new Big(100).minus(row['Discount'] || 0))
        .div(100)
        .round(2, Big.roundHalfUp)
      const rate = row['*TaxType'] === '15% GST on Income' ? '0.15' : '0'
      const gross = net.plus(net.times(rate).round(2, Big.roundHalfUp))
      const number = row['*InvoiceNumber'] ?? ''
      totals.set(number, gross.plus(totals.get(number) ?? 0))
    }
    const loaded = at.rows('SELECT number, total_cents AS total FROM document ORDER BY number')
    expect(loaded.map(({ number, total }) => `${number} ${formatCents(Number(total))}`)).toEqual(
      [...totals].map(([number, total]) => `${number} ${total.toFixed(2)}`),
    )
  })

  test('is the file that its generator writes', () => {
    const generator = fileURLToPath(new URL('../../fixtures/make-demo.mjs', import.meta.url))
    expect(execFileSync(process.execPath, [generator, '-'], { encoding: 'utf8' })).toBe(demo)
  })

  test('is the same ledger in every delimiter, with and without a byte-order mark, in every kind of newline', async () => {
    const text = sales(
      '"Acme, ""the"" one; Ltd",a@x.example,X-1,ref,01/11/2026,20/11/2026,,"two\nlines, and\ttabs",2,10.1234,5,200,15% GST on Income,,NZD',
      'Bell,,X-2,,01/11/2026,20/11/2026,,Māori ō 日本 🚗,-1,8,,200,15% GST on Income,,',
    )
    const rows = parse(text) as string[][]
    const dumps = new Set<string>()
    for (const delimiter of [',', ';', '\t']) {
      for (const mark of ['', '\ufeff']) {
        for (const newline of ['\n', '\r\n', '\r']) {
          for (const quoted of [true, false]) {
            const cell = (value: string) =>
              quoted || /[",;\t\n]/.test(value) ? `"${value.replaceAll('"', '""')}"` : value
            const form = rows.map((row) => row.map(cell).join(delimiter)).join('\n')
            const other = csvLedger()
            await other.loaded(mark + form.replaceAll('\n', newline) + (quoted ? newline : ''))
            dumps.add(other.dump())
            other.close()
          }
        }
      }
    }
    expect([...dumps]).toHaveLength(1)
    expect([...dumps][0]).toContain('two\\nlines, and\\ttabs')
  })

  test('is cut anywhere, or has a bad row anywhere, and then nothing is in the ledger', async () => {
    const lines = demo.split('\n').slice(0, 120)
    const before = at.dump()
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 1, max: lines.length - 1 }), async (index) => {
        const bad = lines.with(index, (lines[index] ?? '').replace(/15% GST on Income|No GST/, 'Sales tax'))
        const [problem, ...others] = await at.refused(bad.join('\n'))
        expect(problem).toContain(`line ${index + 1}, *TaxType “Sales tax”`.replace('*', ''))
        expect(others).toEqual([])
        expect(at.dump()).toBe(before)
      }),
      { numRuns: 25 },
    )
  })

  test('is damaged in any byte, and is then imported whole or not at all', async () => {
    const bytes = Buffer.from(demo.split('\n').slice(0, 60).join('\n'))
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.tuple(fc.nat(bytes.length - 1), fc.nat(255)), { minLength: 1, maxLength: 4 }),
        fc.nat(bytes.length),
        fc.boolean(),
        async (changes, end, isCut) => {
          const damaged = Buffer.from(isCut ? bytes.subarray(0, end) : bytes)
          for (const [index, byte] of changes) if (index < damaged.length) damaged[index] = byte
          const other = csvLedger()
          const before = other.dump()
          const report = await other.load(damaged)
          const lines = other.rows('SELECT count(*) AS count FROM document_line')[0]?.['count']
          if (report.problemCount > 0) expect(other.dump()).toBe(before)
          else expect(lines).toBe(report.rows)
          expect(other.ledger.sqlite.pragma('foreign_key_check')).toEqual([])
          other.close()
        },
      ),
      { numRuns: 60 },
    )
  })
})

describe('a changed file', () => {
  const header = 'kind,number,contact,status,date,description,amount,account,tax_code\n'
  const first = `${header}invoice,1,A,sent,2026-11-01,One,10,200,OUTPUT2\ninvoice,1,A,sent,2026-11-01,Two,20,200,OUTPUT2\ninvoice,2,A,sent,2026-11-01,One,30,200,OUTPUT2\n`
  const states = () =>
    at.rows('SELECT source_id AS id, revision FROM export_state ORDER BY source_id') as {
      id: string
      revision: number
    }[] // the columns above
  const stamps = () => at.rows('SELECT id, updated_at FROM document ORDER BY id')

  test.each<[string, (text: string) => string, Record<string, unknown>, number, number]>([
    [
      'in a line',
      (text) => text.replace('Two,20', 'Two,25'),
      { document: { changed: 1, unchanged: 1 }, document_line: { changed: 1, unchanged: 2 } },
      3500,
      3,
    ],
    [
      'without one of its lines',
      (text) => text.replace(/.*Two,20.*\n/, ''),
      { document: { changed: 1, unchanged: 1 }, document_line: { unchanged: 2, removed: 1 } },
      1000,
      3,
    ],
    [
      'with another line',
      (text) => `${text}invoice,1,A,sent,2026-11-01,Three,5,200,\n`,
      { document: { changed: 1, unchanged: 1 }, document_line: { new: 1, unchanged: 3 } },
      3500,
      3,
    ],
    [
      'in the document alone',
      (text) => text.replaceAll('invoice,1,A,sent,2026-11-01', 'invoice,1,A,sent,2026-11-02'),
      { document: { changed: 1, unchanged: 1 }, document_line: { unchanged: 3 } },
      3000,
      3,
    ],
  ])('%s touches that document and no other', async (_, edit, counts, subtotal) => {
    await at.loaded(first)
    const [before, stamped] = [states(), stamps()]
    const { tables } = await at.loaded(edit(first))
    expect(tables).toMatchObject(counts)
    expect(at.rows("SELECT subtotal_cents FROM document WHERE number = '1'")).toEqual([
      { subtotal_cents: subtotal },
    ])
    const [after, restamped] = [states(), stamps()]
    expect(after[0]?.revision).toBeGreaterThan(before[0]?.revision ?? 0)
    expect(after[1]).toEqual(before[1])
    expect(restamped[0]).not.toEqual(stamped[0])
    expect(restamped[1]).toEqual(stamped[1])
  })

  test('keeps the columns that it does not have, and empties those that it leaves empty', async () => {
    await at.loaded('code,name,email,phone,active\nA,Acme,a@x.example,09 1,no\n')
    await at.loaded('code,name,email,active\nA,Acme,,\n')
    expect(at.rows('SELECT email, phone, active FROM contact')).toEqual([
      { email: null, phone: '09 1', active: 1 },
    ])
    await at.loaded(
      'kind,number,contact,status,date,job,url,amount\ninvoice,1,A,sent,2026-11-01,J1,https://x.example,5\n',
    )
    await at.loaded('kind,number,contact,status,date,job,amount\ninvoice,1,A,sent,2026-11-01,,5\n')
    expect(at.rows('SELECT job, url FROM document')).toEqual([{ job: null, url: 'https://x.example' }])
  })

  test('finds the rows of a document wherever they stand', async () => {
    const [head = '', one = '', two = '', three = ''] = first.split('\n')
    await at.loaded([head, one, three, two].join('\n'))
    expect(
      at.rows('SELECT document AS d, position AS p, description FROM document_line ORDER BY d, p'),
    ).toEqual([
      { d: 'NZ01:invoice:1', p: 1, description: 'One' },
      { d: 'NZ01:invoice:1', p: 2, description: 'Two' },
      { d: 'NZ01:invoice:2', p: 1, description: 'One' },
    ])
  })
})

describe('totals and taxes', () => {
  const header =
    'kind,number,contact,status,date,amounts,line_kind,description,quantity,unit_price,amount,tax_code,tax,total_tax,total\n'
  const document = (rest: string) => `invoice,1,A,sent,2026-11-01,${rest}\n`

  test.each<[string, string[], [number, number, number]]>([
    ['exclusive', ['exclusive,charge,,2,10.005,,OUTPUT2,,,'], [2001, 300, 2301]],
    ['inclusive', ['inclusive,charge,,1,541.25,,OUTPUT2,,,'], [47_065, 7060, 54_125]],
    [
      'inclusive, with freight and discount without tax',
      [
        'inclusive,charge,,1,115,,OUTPUT2,,,',
        'inclusive,freight,,1,20,,OUTPUT2,,,',
        'inclusive,discount,,1,-10,,OUTPUT2,,,',
      ],
      [11_000, 1650, 12_650],
    ],
    ['no tax at all', ['no_tax,charge,,1,100,,OUTPUT2,,,'], [10_000, 0, 10_000]],
    ['no tax at all, of an unknown code', ['no_tax,charge,,1,100,,S15,,,'], [10_000, 0, 10_000]],
    ['an amount that is given', ['exclusive,charge,,2,10.005,20,OUTPUT2,,,'], [2000, 300, 2300]],
    ['a tax that is given', ['exclusive,charge,,1,100,,OUTPUT2,14.99,,'], [10_000, 1499, 11_499]],
    ['a tax of an unknown code', ['exclusive,charge,,1,100,,S15,15,,'], [10_000, 1500, 11_500]],
    ['no tax code', ['exclusive,charge,,1,100,,,,,'], [10_000, 0, 10_000]],
    ['words alone', ['exclusive,charge,,1,100,,,,,', 'exclusive,note,Thank you,,,,,,,'], [10_000, 0, 10_000]],
    ['totals that are given', ['exclusive,charge,,1,100,,OUTPUT2,,15.01,115.02'], [10_000, 1501, 11_502]],
    ['nothing', ['exclusive,charge,,1,0,,S15,,,'], [0, 0, 0]],
    ['less than nothing', ['exclusive,charge,,-1,100,,OUTPUT2,,,'], [-10_000, -1500, -11_500]],
  ])('%s', async (_, lines, [subtotal, tax, total]) => {
    await at.loaded(header + lines.map(document).join(''))
    expect(at.rows('SELECT subtotal_cents, tax_cents, total_cents FROM document')).toEqual([
      { subtotal_cents: subtotal, tax_cents: tax, total_cents: total },
    ])
  })

  test('the rate is the organisation’s where it has been read', async () => {
    connect(at, [
      ['OUTPUT2', 'A GST of old', 'DELETED', 100_000, 1, 0],
      ['OUTPUT2', 'GST', 'ACTIVE', 125_000, 1, 0],
    ])
    await at.loaded('entity,tax_code,sales_type,purchase_type\nNZ01,S,OUTPUT2,\n')
    await at.loaded(header + document('exclusive,charge,,1,100,,S,,,'))
    expect(at.rows('SELECT tax_cents FROM document')).toEqual([{ tax_cents: 1250 }])
    expect(
      await at.refused(header + document('exclusive,charge,,1,100,,S,,,').replace('invoice,1', 'bill,9')),
    ).toEqual([expect.stringContaining('the rate of tax code “S” is not known')])
  })

  test('an item’s own tax code serves a line without one', async () => {
    await at.loaded('code,name,sale_tax_code,purchase_tax_code\nOIL,Oil,OUTPUT2,NONE\n')
    const text =
      'kind,number,contact,status,date,item,amount\ninvoice,1,A,sent,2026-11-01,OIL,100\nbill,1,A,sent,2026-11-01,OIL,100\n'
    await at.loaded(text)
    expect(at.rows('SELECT tax_cents FROM document ORDER BY kind')).toEqual([
      { tax_cents: 0 },
      { tax_cents: 1500 },
    ])
  })

  test('what the ledger writes as CSV comes back as the same documents', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(documentRow, { minLength: 1, maxLength: 8 }), async (rows) => {
        const other = csvLedger()
        const columns = Object.keys(rows[0] ?? {})
        const cell = (value: string) => `"${value.replaceAll('"', '""')}"`
        const text = rows.map((row, index) =>
          Object.entries({ ...row, number: `N${index}` })
            .map(([, value]) => cell(value))
            .join(','),
        )
        await other.loaded([columns.join(','), ...text].join('\n'))
        const loaded = other.rows(
          'SELECT d.*, l.quantity_e4, l.unit_price_e4, l.amount_cents, l.description, l.tax_cents AS line_tax FROM document AS d JOIN document_line AS l ON l.document = d.id ORDER BY CAST(substr(d.number, 2) AS INTEGER)',
        )
        expect(
          loaded.map((row) => ({
            kind: row['kind'],
            number: '',
            contact: row['contact'],
            status: row['status'],
            date: row['date'],
            amounts: row['amounts'],
            quantity: formatE4(Number(row['quantity_e4'])),
            unit_price: formatE4(Number(row['unit_price_e4'])),
            amount: formatCents(Number(row['amount_cents'])),
            tax: formatCents(Number(row['line_tax'])),
            description: row['description'] ?? '',
            subtotal: formatCents(Number(row['subtotal_cents'])),
            total_tax: formatCents(Number(row['tax_cents'])),
            total: formatCents(Number(row['total_cents'])),
          })),
        ).toEqual(rows)
        other.close()
      }),
      { numRuns: 40 },
    )
  })
})

const moneyText = fc.integer({ min: -1e12, max: 1e12 }).map(formatCents)
const codeText = fc
  .string({ unit: 'binary', minLength: 1, maxLength: 12 })
  .map((text) => text.replaceAll(/[\p{C}\p{Zl}\p{Zp}]/gu, '').trim())
  .filter((text) => text !== '')
const documentRow = fc.record({
  kind: fc.constantFrom('invoice', 'bill', 'credit_note', 'supplier_credit', 'purchase_order'),
  number: fc.constant(''),
  contact: codeText,
  status: fc.constantFrom('draft', 'sent', 'void'),
  date: fc.constantFrom('2026-01-31', '2028-02-29', '1999-12-31'),
  amounts: fc.constantFrom('exclusive', 'inclusive', 'no_tax'),
  quantity: fc.integer({ min: -1e9, max: 1e9 }).map(formatE4),
  unit_price: fc.integer({ min: -1e9, max: 1e9 }).map(formatE4),
  amount: moneyText,
  tax: moneyText,
  // Line breaks are kept as \n whatever the file has; blank text is none.
  description: fc
    .string({ unit: 'binary', maxLength: 20 })
    .map((text) => text.replaceAll(/(?!\n)[\p{Cc}\p{Cs}]/gu, ''))
    .filter((text) => text === '' || text.trim() !== ''),
  subtotal: moneyText,
  total_tax: moneyText,
  total: moneyText,
})

/** Connects NZ01 to an organisation with these tax rates: type, name, status, rate, on revenue, on expenses. */
function connect(to: CsvLedger, rates: [string, string, string, number, number, number][]): void {
  const { sqlite } = to.ledger
  sqlite
    .prepare(
      "INSERT INTO connection VALUES ('NZ01', 'T1', 'Org', 'custom', 'c', 's', 'http://127.0.0.1', '2026-11-01T00:00:00Z')",
    )
    .run()
  for (const rate of rates) {
    const [type, name, status, rateE4, revenue, expenses] = rate
    sqlite
      .prepare("INSERT INTO mirror_tax_rate VALUES ('T1', ?, ?, ?, ?, 0, 0, ?, 0, ?, '2026-11-01T00:00:00Z')")
      .run(type, name, status, rateE4, expenses, revenue)
  }
}

describe('Xero’s templates', () => {
  const line = 'Acme,,INV-1,,01/11/2026,20/11/2026,,Work,1,100,,200,15% GST on Income,,'
  const one = (text: string) => at.rows(text)[0]

  test('are known with and without asterisks, in any case', async () => {
    await at.loaded(sales(line).replaceAll('*', '').replace('ContactName', 'contactname'))
    expect(at.rows('SELECT number FROM document')).toEqual([{ number: 'INV-1' }])
  })

  test('are sales where they could be bills, unless --as says otherwise', async () => {
    const bare = `ContactName,InvoiceNumber,InvoiceDate,DueDate,Description,Quantity,UnitAmount,AccountCode,TaxType\nAcme,1,01/11/2026,20/11/2026,Work,1,10,200,No GST\n`
    expect((await at.loaded(bare)).kind).toBe('sales-invoices')
    expect((await at.loaded(bare, { as: 'bills' })).kind).toBe('bills')
    expect(at.rows('SELECT id FROM document ORDER BY id')).toEqual([
      { id: 'NZ01:bill:Acme:1' },
      { id: 'NZ01:invoice:1' },
    ])
  })

  test('turn a negative document into a credit of positive amounts, and know it again', async () => {
    const text = sales(
      'Acme,,C-1,,01/11/2026,20/11/2026,-103.5,Return,-2,50,,200,15% GST on Income,,',
      'Acme,,C-1,,01/11/2026,20/11/2026,-103.5,Restocking fee,1,10,,200,15% GST on Income,,',
      'Acme,,C-2,,01/11/2026,20/11/2026,,Return,1,-7.5,,200,No GST,,',
    )
    await at.loaded(text)
    expect(
      at.rows(
        'SELECT d.id, l.quantity_e4 AS q, l.unit_price_e4 AS p, l.amount_cents AS a, l.tax_cents AS t, d.total_cents AS total FROM document AS d JOIN document_line AS l ON l.document = d.id ORDER BY d.id, l.position',
      ),
    ).toEqual([
      { id: 'NZ01:credit_note:C-1', q: 20_000, p: 500_000, a: 10_000, t: 1500, total: 10_350 },
      { id: 'NZ01:credit_note:C-1', q: 10_000, p: -100_000, a: -1000, t: -150, total: 10_350 },
      { id: 'NZ01:credit_note:C-2', q: 10_000, p: 75_000, a: 750, t: 0, total: 750 },
    ])
    const before = at.dump()
    await at.loaded(text)
    expect(at.dump()).toBe(before)
    const bill = text.split('\n').slice(0, 2).join('\n')
    await at.loaded(bill, { as: 'bills' })
    expect(one("SELECT id FROM document WHERE kind = 'supplier_credit'")).toEqual({
      id: 'NZ01:supplier_credit:Acme:C-1',
    })
  })

  test('take amounts as --amounts says', async () => {
    await at.loaded(sales(line.replace('100,,', '115,,')), { amounts: 'inclusive' })
    expect(one('SELECT amounts, subtotal_cents, tax_cents, total_cents FROM document')).toEqual({
      amounts: 'inclusive',
      subtotal_cents: 10_000,
      tax_cents: 1500,
      total_cents: 11_500,
    })
  })

  test('keep the tax that they give, rounded to cents, and the type behind its name', async () => {
    await at.loaded(sales(line.replace('15% GST on Income,,', ' 15% gst ON income ,14.995,')))
    expect(one('SELECT tax_cents, tax_code FROM document_line')).toEqual({
      tax_cents: 1500,
      tax_code: 'OUTPUT2',
    })
    await at.loaded(sales(line.replace('15% GST on Income,,', 'ZERORATED,,').replace('INV-1', 'INV-2')))
    expect(one("SELECT tax_cents, tax_code FROM document_line WHERE document LIKE '%INV-2'")).toEqual({
      tax_cents: 0,
      tax_code: 'ZERORATED',
    })
  })

  test('find tax names in the organisation first, by the side that they are for', async () => {
    connect(at, [
      ['TAX001', 'Our GST', 'ACTIVE', 150_000, 0, 1],
      ['TAX002', 'Our GST', 'ACTIVE', 100_000, 1, 0],
      ['TAX003', 'Old GST', 'DELETED', 125_000, 1, 0],
    ])
    await at.loaded(sales(line.replace('15% GST on Income', 'Our GST')))
    expect(one('SELECT tax_code, tax_cents FROM document_line')).toEqual({
      tax_code: 'TAX002',
      tax_cents: 1000,
    })
    expect(await at.refused(sales(line.replace('15% GST on Income', 'GST')))).toEqual([
      'line 2, TaxType “GST”: is no tax rate of NZ01 that is known. Known are: Our GST.',
    ])
    expect(await at.refused(sales(line.replace('15% GST on Income', 'Old GST')))).toEqual([
      expect.stringContaining('“Old GST”: is no tax rate of NZ01 that is known.'),
    ])
  })

  test('fill a contact, and blank nothing of it', async () => {
    await at.loaded('code,name,email,phone\nAC1,Acme,old@x.example,09 1\n')
    await at.loaded(sales(line))
    expect(at.rows('SELECT code, email, phone FROM contact')).toEqual([
      { code: 'AC1', email: 'old@x.example', phone: '09 1' },
    ])
    const { tables } = await at.loaded(sales(line.replace('Acme,,', 'ACME,new@x.example,')))
    expect(tables.contact).toMatchObject({ new: 0, changed: 1 })
    expect(at.rows('SELECT code, name, email, phone FROM contact')).toEqual([
      { code: 'AC1', name: 'Acme', email: 'new@x.example', phone: '09 1' },
    ])
    expect(one('SELECT contact FROM document')).toEqual({ contact: 'AC1' })
  })

  test('let the last row that says something about a contact count', async () => {
    const from = (email: string, number: string) => line.replace('Acme,,INV-1', `Acme,${email},${number}`)
    await at.loaded(sales(from('a@x.example', '1'), from('b@x.example', '2'), from('', '3')))
    expect(at.rows('SELECT email FROM contact')).toEqual([{ email: 'b@x.example' }])
  })

  test('name one contact whatever the case, and refuse a name that two contacts have', async () => {
    await at.loaded(sales(line, line.replace('Acme', 'ACME').replace('INV-1', 'INV-2')))
    expect(at.rows('SELECT code, is_customer FROM contact')).toEqual([{ code: 'Acme', is_customer: 1 }])
    await at.loaded('code,name,email\nB1,Bell,\nB2,bell,\n')
    expect(await at.refused(sales(line.replace('Acme', 'Bell')))).toEqual([
      'line 2, ContactName “Bell”: is the name of several contacts in the ledger (codes B1, B2). Give them different names there, or delete what is doubled.',
    ])
  })

  test('leave the details of a document’s later rows to the first, and keep rows of words', async () => {
    await at.loaded(
      sales(
        line,
        ',,INV-1,,,,,More work,2,10,,200,No GST,,',
        ',,INV-1,,,,,"Thank you,\nsee you soon",,,,,,,',
      ),
    )
    expect(at.rows('SELECT kind, amount_cents, description FROM document_line ORDER BY position')).toEqual([
      { kind: 'charge', amount_cents: 10_000, description: 'Work' },
      { kind: 'charge', amount_cents: 2000, description: 'More work' },
      { kind: 'note', amount_cents: 0, description: 'Thank you,\nsee you soon' },
    ])
  })

  test('do not bring a void document back', async () => {
    await at.loaded(sales(line))
    at.ledger.sqlite.exec("UPDATE document SET status = 'void'")
    const before = at.dump()
    await at.loaded(sales(line))
    expect(at.dump()).toBe(before)
  })

  test('are read by --date-format where it is given, and by the country else', async () => {
    const usa = csvLedger({ US01: 'US' })
    const american = line.replace('15% GST on Income', 'Tax Exempt').replace('01/11/2026', '11/01/2026')
    await usa.loaded(sales(american.replace('20/11/2026', '11/20/2026')))
    expect(usa.rows('SELECT date, due_date FROM document')).toEqual([
      { date: '2026-11-01', due_date: '2026-11-20' },
    ])
    usa.close()
    await at.loaded(sales(line.replace('01/11/2026', '11/02/2026').replace('20/11/2026', '11/20/2026')), {
      dateFormat: 'MM/DD/YYYY',
    })
    expect(one('SELECT date FROM document')).toEqual({ date: '2026-11-02' })
  })

  test('say which columns the ledger has no place for', async () => {
    const text = sales(line).replace('Currency', 'BrandingTheme').replace(/,\n$/, ',Special\n')
    expect((await at.loaded(text)).ignored).toEqual(['BrandingTheme'])
    expect((await at.loaded(sales(line).replace('Currency', 'BrandingTheme'))).ignored).toEqual([])
  })
})

describe('ids', () => {
  test('of documents without one cannot be mistaken for each other', async () => {
    const header = 'kind,number,contact,status,date,amount\n'
    await at.loaded(
      `${header}bill,B:1,A,sent,2026-11-01,5\nbill,1,A:B,sent,2026-11-01,5\nbill,1,A%3AB,sent,2026-11-01,5\ninvoice,1,A,sent,2026-11-01,5\n`,
    )
    expect(at.rows('SELECT id FROM document ORDER BY id')).toEqual([
      { id: 'NZ01:bill:A%253AB:1' },
      { id: 'NZ01:bill:A%3AB:1' },
      { id: 'NZ01:bill:A:B:1' },
      { id: 'NZ01:invoice:1' },
    ])
  })

  test('that are given are kept, and then the number may be missing', async () => {
    await at.loaded('id,kind,number,contact,status,date,amount\n4711,invoice,,A,draft,2026-11-01,5\n')
    expect(at.rows('SELECT id, number FROM document')).toEqual([{ id: '4711', number: '' }])
  })

  test('of a payment’s document: the id before the number, and no guess between two numbers', async () => {
    await at.loaded(
      'id,kind,number,contact,status,date,amount\nX,invoice,INV-1,A,sent,2026-11-01,5\nINV-1,invoice,Y,A,sent,2026-11-01,5\nZ,bill,Y,A,sent,2026-11-01,5\n',
    )
    const payment = (document: string) => `id,kind,date,document,amount\nP,payment,2026-11-01,${document},5\n`
    await at.loaded(payment('INV-1'))
    expect(at.rows('SELECT document FROM payment_allocation')).toEqual([{ document: 'INV-1' }])
    expect(await at.refused(payment('Y'))).toEqual([
      'line 2, document “Y”: is the number of several documents (ids INV-1, Z). Name the document by its id.',
    ])
  })
})

test('characters and line breaks that the pieces of reading cut through stay whole', async () => {
  const notes = `${'日本ō🚗\r\n'.repeat(30_000)}x`
  for (const shift of ['', '1', '12', '123']) {
    await at.loaded(`code,name,email,notes\r\n${shift}A,Acme,,"${notes}"\r\n`)
  }
  const loaded = at.rows('SELECT notes FROM contact')
  expect(loaded).toHaveLength(4)
  for (const row of loaded) expect(row['notes'] === notes.replaceAll('\r\n', '\n')).toBe(true)
})

test('a number prefix is frozen once documents were exported under it', async () => {
  await at.loaded('name,value\nnumber_prefix,A-\n')
  at.ledger.sqlite.exec(
    "INSERT INTO export_state (kind, source_id, entity, state) VALUES ('invoice', '1', 'NZ01', 'exported')",
  )
  expect(await at.refused('name,value\nnumber_prefix,B-\n')).toEqual([
    'line 2, value “B-”: cannot be changed: documents of this entity have been exported under the prefix that it has.',
  ])
  await at.loaded('name,value\nnumber_prefix,A-\n')
})

test('another connection may write while a file is read', async () => {
  const { default: Database } = await import('better-sqlite3')
  const other = new Database(at.ledger.file, { timeout: 0 })
  const file = at.write('sales.csv', demo)
  let writes = 0
  await importFiles(at.ledger, [file], {
    dryRun: false,
    who: 'tester',
    onProgress: () => {
      writes += 1
      other.prepare('INSERT INTO contact (code, name) VALUES (?, ?)').run(`W${writes}`, 'Writer')
    },
  })
  other.close()
  expect(writes).toBeGreaterThan(0)
  expect(at.rows("SELECT count(*) AS count FROM contact WHERE name = 'Writer'")).toEqual([{ count: writes }])
})

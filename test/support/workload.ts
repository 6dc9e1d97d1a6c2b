// Ledgers for tests, as the SQL that an exporting system would write.

export interface InvoiceSpec {
  id: string
  number?: string
  contact?: string | null
  status?: 'draft' | 'sent' | 'void'
  date?: string
  dueDate?: string | null
  currency?: string | null
  account?: string | null
  taxCode?: string | null
  lines?: { description?: string; amount: number; tax: number; quantityE4?: number; unitPriceE4?: number }[]
}

const quote = (value: string | number | null): string =>
  value === null ? 'NULL' : typeof value === 'number' ? String(value) : `'${value.replaceAll("'", "''")}'`

/** Contacts C001 … with a name each. */
export function contactsSql(count: number): string {
  return Array.from({ length: count }, (_, index) => {
    const code = contactCode(index)
    return `INSERT INTO contact (code, name, is_customer, email) VALUES (${quote(code)}, ${quote(`Customer ${index + 1}`)}, 1, ${quote(`accounts${index + 1}@example.com`)});`
  }).join('\n')
}

export function contactCode(index: number): string {
  return `C${String(index + 1).padStart(3, '0')}`
}

/** One sales invoice of the entity NZ01: GST exclusive, amounts in cents. */
export function invoiceSql(spec: InvoiceSpec): string {
  const lines = spec.lines ?? [{ amount: 10_000, tax: 1_500 }]
  const subtotal = lines.reduce((sum, line) => sum + line.amount, 0)
  const tax = lines.reduce((sum, line) => sum + line.tax, 0)
  const document = [
    spec.id,
    'NZ01',
    'invoice',
    spec.number ?? `INV-${spec.id}`,
    spec.contact === undefined ? 'C001' : spec.contact,
    spec.status ?? 'sent',
    spec.date ?? '2026-11-02',
    spec.dueDate === undefined ? '2026-12-20' : spec.dueDate,
    spec.currency ?? null,
    subtotal,
    tax,
    subtotal + tax,
  ]
  const rows = lines.map((line, index) =>
    [
      spec.id,
      index + 1,
      'charge',
      line.description ?? `Work ${index + 1}`,
      line.quantityE4 ?? 10_000,
      line.unitPriceE4 ?? line.amount * 100,
      line.amount,
      spec.account === undefined ? '200' : spec.account,
      spec.taxCode === undefined ? 'OUTPUT2' : spec.taxCode,
      line.tax,
    ]
      .map(quote)
      .join(', '),
  )
  return [
    `INSERT INTO document (id, entity, kind, number, contact, status, date, due_date, currency, subtotal_cents, tax_cents, total_cents) VALUES (${document.map(quote).join(', ')});`,
    ...rows.map(
      (row) =>
        `INSERT INTO document_line (document, position, kind, description, quantity_e4, unit_price_e4, amount_cents, account, tax_code, tax_cents) VALUES (${row});`,
    ),
  ].join('\n')
}

/** As many invoices of as many customers, each with its own total. */
export function invoicesSql(count: number, customers: number): string {
  const invoices = Array.from({ length: count }, (_, index) => {
    const amount = 1_000 + index * 7
    return invoiceSql({
      id: `D${String(index + 1).padStart(4, '0')}`,
      contact: contactCode(index % customers),
      lines: [
        { amount, tax: Math.round(amount * 0.15) },
        { amount: 5_000, tax: 750 },
      ],
    })
  })
  return `BEGIN;\n${contactsSql(customers)}\n${invoices.join('\n')}\nCOMMIT;`
}

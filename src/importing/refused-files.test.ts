// Files that are refused, each with the sentence that a person reads, and with nothing of it in the ledger.

import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { type CsvLedger, csvLedger } from '../../test/support/csv-ledger.ts'
import { importFiles, importProblem } from './import-files.ts'
import { problemText } from './problems.ts'

let at: CsvLedger
beforeEach(() => {
  at = csvLedger()
})
afterEach(() => at.close())

const documentsHeader =
  'kind,number,contact,status,date,description,quantity,unit_price,amount,account,tax_code,tax\n'
const goodLine = 'invoice,INV-1,ACME,sent,2026-11-01,Work,1,100,,200,OUTPUT2,\n'
const documents = (...lines: string[]) => `${documentsHeader}${goodLine}${lines.join('\n')}\n`
const salesHeader =
  '*ContactName,*InvoiceNumber,*InvoiceDate,*DueDate,Total,*Description,*Quantity,*UnitAmount,Discount,*AccountCode,*TaxType,TaxAmount\n'
const sales = (...lines: string[]) => `${salesHeader}${lines.join('\n')}\n`

const taxNames = '15% GST on Income; 15% GST on Expenses; Zero Rated; No GST; GST on Imports'

const files: [title: string, text: string | Buffer, sentences: (string | RegExp)[]][] = [
  ['an empty file', '', ['The file is empty.']],
  ['blank lines only', '\n \r\n\n', ['The file is empty.']],
  ['a byte-order mark only', '\ufeff', ['The file is empty.']],
  ['a header only', documentsHeader, ['The file has a header and no rows below it.']],
  [
    'no header',
    'INV-1,ACME,2026-11-01,100.00\n',
    [
      'line 1: The first line is no header that is known here: “INV-1, ACME, 2026-11-01, 100.00”. It must name the columns; the guide lists them for each kind of file, and --as KIND says which kind is meant.',
    ],
  ],
  [
    'a header that fits two kinds',
    'code,name\nA,B\n',
    ['line 1: The header fits contacts and items alike. Say which it is: --as contacts'],
  ],
  [
    'an unknown, a doubled and a missing column',
    'kind,number,contcat,status,date,kind\ninvoice,1,A,sent,2026-11-01,bill\n',
    [
      'line 1, contcat: is no column of documents. Did you mean contact?',
      'line 1, kind: is in the header twice, as column 1 and column 6. Keep one of them.',
      'line 1, contact: is missing: documents must have this column.',
    ],
  ],
  [
    'an unknown column of a template',
    `${salesHeader.replace('Total', 'Status')}\n\nA,1\n`,
    ['line 1, Status: is no column of sales invoices (Xero template). Remove it, or check the spelling.'],
  ],
  [
    'a Latin-1 file',
    Buffer.from(`code,name,region\nNZ02,Caf\u00e9 Ltd,NZ\n`, 'latin1'),
    [
      'line 2: Byte 26 (hexadecimal E9) is not UTF-8: the file is in an older encoding such as Latin-1 or Windows-1252, and accents would be lost. In the spreadsheet choose “Save as” and “CSV UTF-8”, then import that file.',
    ],
  ],
  [
    'a Latin-1 byte at the very end',
    Buffer.from('code,name,region\r\nNZ02,Caf\u00e9', 'latin1'),
    [/^line 2: Byte 27 \(hexadecimal E9\) is not UTF-8/],
  ],
  [
    'a Latin-1 byte after line breaks of the old Mac',
    Buffer.from('code,name,region\rNZ02,A,NZ\rNZ03,Caf\u00e9,NZ\r', 'latin1'),
    [/^line 3: Byte 36 \(hexadecimal E9\) is not UTF-8/],
  ],
  [
    'UTF-16 with its mark',
    Buffer.from('\ufeffcode,name,region\n', 'utf16le'),
    [/^This file is UTF-16 text\./],
  ],
  ['UTF-16 without one', Buffer.from('code,name,region\n', 'utf16le'), [/^This file is UTF-16 text\./]],
  [
    'a NUL byte',
    'code,name,region\nNZ02,A\u0000B,NZ\n',
    [/^line 2: There is a NUL byte at byte 24: this is no text file, or it was damaged\./],
  ],
  [
    'an Excel workbook',
    Buffer.concat([Buffer.from('PK\u0003\u0004'), Buffer.alloc(30), Buffer.from('[Content_Types].xml')]),
    [/^This is an Excel workbook, not a CSV file\. In the spreadsheet choose “Save as” and “CSV UTF-8”/],
  ],
  [
    'an OpenDocument spreadsheet',
    Buffer.concat([
      Buffer.from('PK\u0003\u0004'),
      Buffer.alloc(30),
      Buffer.from('mimetypeapplication/vnd.oasis.opendocument.spreadsheet'),
    ]),
    [/^This is an OpenDocument spreadsheet/],
  ],
  ['an old Excel workbook', Buffer.from('d0cf11e0a1b11ae1', 'hex'), [/^This is an old Excel workbook/]],
  [
    'a zip archive',
    Buffer.concat([Buffer.from('PK\u0003\u0004'), Buffer.alloc(99)]),
    [/^This is a zip archive/],
  ],
  ['a PDF', '%PDF-1.7\n%âãÏÓ', [/^This is a PDF/]],
  ['a database', Buffer.from('SQLite format 3\u0000'), [/^This is an SQLite database/]],
  ['a web page', '<!DOCTYPE html>\n<html><body>Log in</body></html>', [/^This is a web page \(HTML\)/]],
  ['XML', '<?xml version="1.0"?><Workbook/>', [/^This is XML or HTML/]],
  ['JSON', '{"Invoices": []}', [/^This is JSON/]],
  ['a compressed file', gzipSync('code,name,region\n'), [/^This file is compressed/]],
  ['a picture', Buffer.from('89504e470d0a1a0a', 'hex'), ['This is a picture, not a CSV file.']],
  [
    'a quote that is never closed',
    'code,name,notes\nA,Acme,"two\nlines"\nB,Bell,"open\nC,Cox,\n',
    [
      'line 4: A quoted cell in the row that starts here is never closed. The file may be cut off: export it again, or close the quote.',
    ],
  ],
  [
    'a quote inside a cell',
    'code,name,region\nNZ02,2" pipe,NZ\n',
    [/^line 2: There is a quotation mark inside a cell that is not quoted\./],
  ],
  [
    'text after a closing quote',
    'code,name,region\nNZ02,"2" pipe",NZ\n',
    [/^line 2: A quoted cell goes on after its closing quotation mark\./],
  ],
  [
    'rows of another width',
    'code,name,region\nNZ02,A\n\nNZ03,A,NZ,x\nNZ04,B,NZ,\n',
    [
      'line 2: the row has 2 cells where the header has 3. The file may be cut off here, or a delimiter is missing.',
      'line 4: the row has 4 cells where the header has 3. A cell with the delimiter in it must be in quotation marks.',
    ],
  ],
  [
    'cells that are refused, all of them, after a description of two lines',
    documents(
      'invoice,INV-2,ACME,sent,2026-11-01,"two',
      'lines",1,"1,234.50",,200,OUTPUT2,',
      'invioce,INV-3,ACME,open,22/11/2026,,x,$5,12.345,,,',
    ),
    [
      'line 3, unit_price “1,234.50”: has thousands separators: write 1234.50.',
      'line 5, kind “invioce”: is not one of invoice, bill, credit_note, supplier_credit, purchase_order. Did you mean invoice?',
      'line 5, status “open”: is not one of draft, sent, void.',
      'line 5, date “22/11/2026”: is no date such as 2026-11-22. For other forms say --date-format, such as DD/MM/YYYY.',
      'line 5, quantity “x”: is no number: write it as 1234.50.',
      'line 5, unit_price “$5”: is an amount with a currency sign: write the number alone, such as 1234.50.',
      'line 5, amount “12.345”: has too many decimals. Money has two decimals: write it as 1234.50.',
    ],
  ],
  [
    'cells that are empty',
    documents(
      ',INV-2,ACME,sent,2026-11-01,,1,1,,200,,',
      'invoice,,ACME,sent,2026-11-01,,1,1,,200,,',
      'bill,B-1,,sent,2026-11-01,,1,1,,400,,',
      'invoice,INV-3,,sent,2026-11-01,Only words,1,,,200,,',
    ),
    [
      'line 3, kind: is empty, but every row needs it.',
      'line 4, number: is empty: a document needs a number or an id.',
      'line 5, contact: is empty: without an id, a bill is known by its supplier and number.',
      'line 6, amount: is empty: give the amount, or quantity and unit_price.',
    ],
  ],
  [
    'a tax code whose rate nobody knows',
    documents('invoice,INV-2,ACME,sent,2026-11-01,Work,1,1,,200,S15,'),
    [
      'line 3, tax: is empty, and the rate of tax code “S15” is not known. Give the tax of the line, or map the code to a Xero tax type in tax_code_map.',
    ],
  ],
  [
    'an amount beyond all money',
    documents('invoice,INV-2,ACME,sent,2026-11-01,Work,900000000000,900000000000,,200,,'),
    ['line 3, unit_price “900000000000”: times the quantity is too large an amount.'],
  ],
  [
    'rows of one document that disagree, apart from each other',
    documents(
      'invoice,INV-2,ACME,sent,2026-11-01,Work,1,1,,200,,',
      'invoice,INV-1,OTHER,sent,2026-11-02,Work,1,1,,200,,',
    ),
    [
      'line 4, contact “OTHER”: differs from line 2, where this document begins: all rows of a document must agree.',
      'line 4, date “2026-11-02”: differs from line 2, where this document begins: all rows of a document must agree.',
    ],
  ],
  [
    'a value that only a later row of a document has',
    'kind,number,contact,status,date,job,amount\ninvoice,1,A,sent,2026-11-01,,5\ninvoice,1,A,sent,2026-11-01,J7,5\n',
    ['line 3, job “J7”: is empty on line 2, where this document begins: all rows of a document must agree.'],
  ],
  [
    'a code that stands twice',
    'code,name,email\nA,First,a@x.example\nB,Other,b@x.example\nA,Second,c@x.example\n',
    ['line 4, code “A”: is on line 2 already. Keep one of the two rows.'],
  ],
  [
    'an unknown entity',
    'entity,account,xero_code\nNZ1,4000,200\n',
    [
      'line 2, entity “NZ1”: There is no billing entity “NZ1” in the ledger, which has NZ01. Did you mean NZ01?',
    ],
  ],
  [
    'a setting that is none, and a value that is none',
    'name,value\nchunk_sise,50\nchunk_size,500\n',
    [
      'line 2, name “chunk_sise”: is no setting. Did you mean chunk_size?',
      'line 3, value “500”: chunk_size cannot be “500”: it takes a whole number from 1 to 100.',
    ],
  ],
  [
    'a country that is unknown',
    'code,name,region\nX1,X,XX\n',
    [/^line 2, region “XX”: is no country that is known here\. Known are: NZ, AU, GB/],
  ],
  [
    'a template: dates the other way round, a tax name with a slip, an empty price',
    sales(
      'Acme,INV-1,11/22/2026,22/11/2026,,Work,1,10,,200,15% GST on Income,',
      'Acme,INV-2,01/11/2026,22/11/2026,,Work,1,10,,200,15% GST on Incom,',
      'Acme,INV-3,01/11/2026,22/11/2026,,Work,1,,,200,No GST,',
      'Acme,INV-4,,22/11/2026,,Work,1,5,,200,No GST,',
      'Acme,,01/11/2026,22/11/2026,,Work,1,5,,200,No GST,',
    ),
    [
      /^line 2, InvoiceDate “11\/22\/2026”: does not fit NZ, where the day comes first, but would fit with the month first\./,
      `line 3, TaxType “15% GST on Incom”: is no tax rate of NZ01 that is known. Did you mean “15% GST on Income”? Known are: ${taxNames}.`,
      'line 4, UnitAmount: is empty, but every line with an amount needs it.',
      'line 5, InvoiceDate: is empty.',
      'line 6, InvoiceNumber: is empty, but every row needs it.',
    ],
  ],
  [
    'a template: one number for two customers',
    sales(
      'Acme,INV-1,01/11/2026,22/11/2026,,Work,1,10,,200,No GST,',
      'Other,INV-1,01/11/2026,22/11/2026,,Work,1,10,,200,No GST,',
    ),
    [
      'line 3, ContactName “Other”: differs from line 2, where this document begins: all rows of a document must agree.',
    ],
  ],
  [
    'a payment of a document that is not there',
    'id,kind,date,document,amount\nP1,payment,2026-11-01,INV-9,5\nP2,payment,2026-11-01,,\n',
    [
      'line 2, document “INV-9”: is no document of the ledger, by id or by number. Import the documents first.',
      'line 3, amount: is empty.',
    ],
  ],
  [
    'a credit note with a sign too many',
    '*ContactName,*CreditNoteNumber,*CreditNoteDate,Description,*Quantity,*UnitAmount,*AccountCode,*TaxType\nAcme,CN-1,01/11/2026,Back,1,10,200,No GST\nAcme,CN-2,01/11/2026,Back,-1,10,200,No GST\n',
    [
      'line 3: Credit note CN-2 comes to -10.00. Amounts of credit notes are positive: write them without the minus, or put the document into a file of invoices.',
    ],
  ],
  [
    'allocations of a credit that is not there',
    'credit,document,amount\nCN-9,INV-9,5\n',
    [
      'line 2, credit “CN-9”: is no credit of the ledger, by id or by number. Import the documents first.',
      'line 2, document “INV-9”: is no document of the ledger, by id or by number. Import the documents first.',
    ],
  ],
]

describe('a file that is refused changes nothing and says why', () => {
  test.each(files)('%s', async (_, text, sentences) => {
    const before = at.dump()
    const problems = await at.refused(text)
    expect(problems).toHaveLength(sentences.length)
    for (const [index, sentence] of sentences.entries()) {
      if (typeof sentence === 'string') expect(problems[index]).toBe(sentence)
      else expect(problems[index]).toMatch(sentence)
    }
    expect(at.dump()).toBe(before)
  })
})

test.each<[string, (folder: string) => string, RegExp]>([
  ['missing', (folder) => join(folder, 'none.csv'), /^There is no such file\./],
  ['a folder', (folder) => folder, /^This is a folder\. Name the CSV files inside it\./],
  ['behind a file', (folder) => join(folder, 'ledger.db', 'x.csv'), /^The file cannot be read/],
])('a file that is %s is refused', async (_, path, sentence) => {
  const { files: reports } = await importFiles(at.ledger, [path(at.folder)], { dryRun: false, who: 'tester' })
  expect(reports[0]?.problems.map(problemText)).toEqual([expect.stringMatching(sentence)])
})

describe('one line without end is refused soon and without holding it', () => {
  const length = 30 * 1024 * 1024
  test.each<[string, string, RegExp]>([
    ['as the header', '', /^line 1: The first line is longer than 64 KB/],
    ['as a row', 'code,name,region\nNZ02,', /^line 2: The row that starts here is longer than 1 MB/],
    ['as a quoted cell', 'code,name,region\nNZ02,"', /^line 2: The row that starts here is longer than 1 MB/],
  ])('%s', async (_, start, sentence) => {
    const before = at.dump()
    expect(await at.refused(start + 'x'.repeat(length))).toEqual([expect.stringMatching(sentence)])
    expect(at.dump()).toBe(before)
  })
})

test('problems beyond the first thousand are counted', async () => {
  const rows = Array.from({ length: 1200 }, (_, index) => `C${index},,x@x.example`).join('\n')
  const report = await at.load(`code,name,email\n${rows}\n`)
  expect([report.problems.length, report.problemCount]).toEqual([1000, 1200])
  const error = importProblem({ files: [report] })
  expect(error?.code).toBe('input-invalid')
  expect(error?.details).toHaveLength(1001)
  expect(error?.details.at(-1)).toMatch(/: and 200 more problems\.$/)
})

test('the entity must be clear', async () => {
  const line = 'Acme,INV-1,01/11/2026,22/11/2026,,Work,1,10,,200,No GST,'
  const none = csvLedger({})
  expect(await none.refused(sales(line))).toEqual([
    'The ledger has no billing entity yet. Add one first: auxo-sync entities add CODE --name NAME --region NZ',
  ])
  none.close()
  const two = csvLedger({ NZ01: 'NZ', AU01: 'AU' })
  const several =
    'The ledger has several billing entities (AU01, NZ01) and the file does not say which one is meant. Add --entity CODE.'
  expect(await two.refused(sales(line))).toEqual([several])
  expect(await two.refused('account,xero_code\n4000,200\n')).toEqual([several])
  expect(await two.refused('entity,account,xero_code\n,4000,200\n')).toEqual([`line 2, entity: ${several}`])
  expect(await two.refused(sales(line), { entity: 'NZ1' })).toEqual([
    'There is no billing entity “NZ1” in the ledger, which has AU01, NZ01. Did you mean NZ01?',
  ])
  expect(await two.refused('entity,account,xero_code\nAU01,4000,200\n', { entity: 'NZ01' })).toEqual([
    'line 2, entity “AU01”: belongs to another entity than --entity NZ01.',
  ])
  expect((await two.loaded(sales(line), { entity: 'NZ01' })).tables.document?.new).toBe(1)
  two.close()
})

test.each([
  [{ as: 'invoices' }, /^--as takes one of contacts, documents, .*, not “invoices”\./],
  [{ as: 'setings' }, /Did you mean setting\?$/],
  [{ dateFormat: 'DD/MM' }, /^--date-format takes day, month and year such as DD\/MM\/YYYY/],
  [{ amounts: 'gross' }, /^--amounts takes exclusive, inclusive or no_tax, not “gross”\./],
])('an option that is none is wrong usage: %j', async (options, sentence) => {
  await expect(at.load('code,name\n', options)).rejects.toMatchObject({
    code: 'usage',
    message: expect.stringMatching(sentence),
  })
})

test('an allocation or a file of a document stands once in its file, and a number names one document', async () => {
  await at.loaded(
    'id,kind,number,contact,status,date,amount\na,invoice,1,A,sent,2026-11-01,5\nb,bill,1,B,sent,2026-11-01,5\nc,credit_note,1,A,sent,2026-11-01,5\n',
  )
  const before = at.dump()
  expect(await at.refused('credit,document,amount\n1,a,2\nc,a,3\n')).toEqual([
    'line 3, document “a”: has an amount of this credit on line 2 already. Put the two on one row.',
  ])
  expect(await at.refused('document,file\na,x.pdf\na,x.pdf\n')).toEqual([
    'line 3, file “x.pdf”: is on line 2 already. Keep one of the two rows.',
  ])
  expect(await at.refused('credit,document,amount\n1,1,2\n')).toEqual([
    'line 2, document “1”: is the number of several documents (ids a, b). Name the document by its id.',
  ])
  expect(at.dump()).toBe(before)
})

test('of several files only the refused one is left out, and the error names it', async () => {
  const good = at.write('entities.csv', 'code,name,region\nAU01,Sydney,AU\n')
  const bad = at.write('map.csv', 'entity,account,xero_code\nAU01,,200\n')
  mkdirSync(join(at.folder, 'sub'))
  writeFileSync(join(at.folder, 'sub', 'contacts.csv'), 'code,name,email\nA,Acme,\n')
  const report = await importFiles(at.ledger, [good, bad, 'sub/contacts.csv'], {
    dryRun: false,
    who: 'tester',
    folder: at.folder,
  })
  expect(report.files.map((file) => file.problemCount)).toEqual([0, 1, 0])
  expect(at.rows('SELECT code FROM billing_entity')).toHaveLength(2)
  expect(at.rows('SELECT code FROM contact')).toEqual([{ code: 'A' }])
  const error = importProblem(report)
  expect(error?.message).toBe(
    `${bad} was not imported, and nothing of it was kept: 1 problem. Correct the file and import it again. The other 2 files were imported.`,
  )
  expect(error?.details).toEqual([`${bad}: line 2, account: is empty, but every row needs it.`])
})

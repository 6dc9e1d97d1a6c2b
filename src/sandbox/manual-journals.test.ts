// Manual journals through the wire: balance, accounts, tax, statuses, locked periods, lists, and that nothing in them is
// unique, so that every repeated post makes another (§4.7).

import { afterEach, describe, expect, test } from 'vitest'
import { violations } from '../../test/support/conforming.ts'
import { parseDate } from '../accounting/calendar.ts'
import type { JsonObject } from './json.ts'
import type { Switches } from './switches.ts'
import { errorsOf, startedSandbox, stopSandboxes, type TestClient, until, warningsOf } from './test-client.ts'

afterEach(stopSandboxes)

const zero = '00000000-0000-0000-0000-000000000000'
const debit: JsonObject = { LineAmount: 100, AccountCode: '310', Description: 'Parts used', TaxType: 'NONE' }
const credit: JsonObject = {
  LineAmount: -100,
  AccountCode: '631',
  Description: 'From stock',
  TaxType: 'NONE',
}
const cogs: JsonObject = {
  Narration: 'COGS for invoice INV-1',
  Date: '2026-11-20',
  Status: 'POSTED',
  JournalLines: [debit, credit],
}

async function started(switches: Partial<Switches> = {}): Promise<TestClient> {
  return startedSandbox({ switches, limits: { minute: 1000 } })
}

async function write(
  client: TestClient,
  journal: JsonObject,
  method: 'PUT' | 'POST' = 'PUT',
): Promise<JsonObject> {
  const body = { ManualJournals: [journal] }
  const answer = await client.api(method, '/ManualJournals?summarizeErrors=false', { body })
  return answer.list('ManualJournals')[0] ?? { status: answer.status, ...answer.json }
}

const withLines = (...lines: JsonObject[]): JsonObject => ({ ...cogs, JournalLines: lines })
const invalid = (code: string) => `Account code '${code}' is not a valid code for this document.`
const onAccount = (code: string) => withLines({ ...debit, AccountCode: code }, credit)

const refusals: readonly [why: string, sent: JsonObject, errors: string[]][] = [
  ['no narration', { ...cogs, Narration: '' }, ['The Narration field is mandatory.']],
  [
    'one line',
    withLines(debit),
    [
      'A manual journal must have at least 2 lines.',
      'The total debits (100.00) must equal total credits (0.00)',
    ],
  ],
  [
    'not balanced',
    withLines(debit, { ...credit, LineAmount: -10 }),
    ['The total debits (100.00) must equal total credits (-10.00)'],
  ],
  [
    'not balanced, though a draft',
    { ...withLines(debit, { ...credit, LineAmount: -10 }), Status: 'DRAFT' },
    ['The total debits (100.00) must equal total credits (-10.00)'],
  ],
  ['a bank account', onAccount('090'), [invalid('090')]],
  ['receivables', onAccount('610'), [invalid('610')]],
  ['payables', onAccount('800'), [invalid('800')]],
  ['retained earnings', onAccount('960'), [invalid('960')]],
  ['inventory', onAccount('630'), [invalid('630')]],
  ['an unknown account', onAccount('999'), [invalid('999')]],
  [
    'an archived account',
    onAccount('599'),
    [
      "Account code '599' has been archived, or has been deleted. Each line item must reference a valid account.",
    ],
  ],
  [
    'no account where it is posted',
    withLines({ LineAmount: 100 }, credit),
    ['The account code or ID must be specified'],
  ],
  [
    'an unknown tax type',
    withLines({ ...debit, TaxType: 'NOPE' }, credit),
    ['The TaxType code NOPE does not exist or cannot be used for this type of transaction.'],
  ],
  [
    'a tax type of the other side',
    withLines({ ...debit, TaxType: 'OUTPUT2' }, credit),
    ["The TaxType code 'OUTPUT2' cannot be used with account code '310'."],
  ],
  [
    'three tracking categories',
    withLines(
      { ...debit, Tracking: Array.from({ length: 3 }, () => ({ Name: 'Region', Option: 'North' })) },
      credit,
    ),
    ['A line item can have at most 2 tracking categories.'],
  ],
  ['voided from the start', { ...cogs, Status: 'VOIDED' }, ['Document not of valid status for modification']],
  [
    'an id on what is new',
    { ...cogs, ManualJournalID: zero },
    ['A ManualJournal that is created cannot name a ManualJournalID.'],
  ],
  [
    'a link that names its reader',
    { ...cogs, Url: 'https://go.xero.com/1' },
    ['Url must be a valid address that does not contain the word xero.'],
  ],
]

describe('creating', () => {
  test.each(refusals)('%s is refused', async (_why, sent, errors) => {
    const client = await started()
    const element = await write(client, sent)
    expect(errorsOf(element)).toEqual(errors)
    expect(element).toMatchObject({ ManualJournalID: zero, StatusAttributeString: 'ERROR' })
    expect(client.sandbox.manualJournals()).toHaveLength(0)
    expect(violations(client.exchanges)).toEqual([])
  })

  test('the same journal twice is two journals', async () => {
    const client = await started()
    const made = await client.put('/ManualJournals?summarizeErrors=false', { ManualJournals: [cogs, cogs] })
    const ids = made.list('ManualJournals').map((journal) => journal['ManualJournalID'])
    expect(new Set(ids).size).toBe(2)
    await write(client, cogs, 'POST')
    expect(client.sandbox.manualJournals()).toHaveLength(3)
    expect(violations(client.exchanges)).toEqual([])
  })

  test('DRAFT and NoTax by default, with its link kept', async () => {
    const client = await started()
    const url = 'https://app.example/journals/7'
    const { Status: _status, ...plain } = cogs
    const made = await write(client, { ...plain, Url: url })
    expect(made).toMatchObject({
      Status: 'DRAFT',
      LineAmountTypes: 'NoTax',
      Url: url,
      ShowOnCashBasisReports: true,
      JournalLines: [
        { TaxType: 'NONE', TaxAmount: 0, IsBlank: false },
        { AccountCode: '631', LineAmount: -100 },
      ],
    })
    expect(made).not.toHaveProperty('HasErrors')
    expect(made).not.toHaveProperty('DateString')
  })

  test('unknownJournalAccount=removed drops the code with a warning, and posting then fails', async () => {
    const client = await started({ unknownJournalAccount: 'removed' })
    const draft = await write(client, { ...onAccount('476'), Status: 'DRAFT' })
    expect(warningsOf(draft)).toEqual([
      "Account code '476' has been removed as it does not match a recognised account.",
    ])
    expect(draft['StatusAttributeString']).toBe('WARNING')
    expect(errorsOf(await write(client, onAccount('476')))).toEqual([
      'The account code or ID must be specified',
    ])
    expect(violations(client.exchanges)).toEqual([])
  })

  test('unknown tracking is dropped with a warning', async () => {
    const client = await started()
    const made = await write(
      client,
      withLines({ ...debit, Tracking: [{ Name: 'Region', Option: 'Moon' }] }, credit),
    )
    expect(warningsOf(made)).toHaveLength(1)
  })
})

describe('tax', () => {
  const sales = { AccountCode: '200', TaxType: 'OUTPUT2' }
  const debtors = { AccountCode: '855', TaxType: 'NONE' }
  const cases: readonly [types: string, lines: JsonObject[], taxes: number[] | null][] = [
    [
      'Exclusive',
      [
        { ...sales, LineAmount: -100 },
        { ...debtors, LineAmount: 115 },
      ],
      [-15, 0],
    ],
    [
      'Exclusive',
      [
        { ...sales, LineAmount: -100, TaxAmount: -14.99 },
        { ...debtors, LineAmount: 114.99 },
      ],
      [-14.99, 0],
    ],
    [
      'Exclusive',
      [
        { ...sales, LineAmount: -100 },
        { ...debtors, LineAmount: 100 },
      ],
      null,
    ],
    [
      'Inclusive',
      [
        { ...sales, LineAmount: -115 },
        { ...debtors, LineAmount: 115 },
      ],
      [-15, 0],
    ],
    [
      'Inclusive',
      [
        { ...sales, LineAmount: -115, TaxAmount: -15.01 },
        { ...debtors, LineAmount: 115 },
      ],
      [-15.01, 0],
    ],
    [
      'NoTax',
      [
        { ...sales, LineAmount: -115 },
        { ...debtors, LineAmount: 115 },
      ],
      [0, 0],
    ],
  ]
  test.each(cases)('%s %j', async (types, lines, taxes) => {
    const client = await started()
    const element = await write(client, { ...withLines(...lines), LineAmountTypes: types })
    if (taxes === null) {
      expect(errorsOf(element)).toEqual(['The total debits (100.00) must equal total credits (-115.00)'])
    } else {
      expect(element['JournalLines']).toMatchObject(taxes.map((TaxAmount) => ({ TaxAmount })))
    }
  })

  test('tax above its line is refused', async () => {
    const client = await started()
    const lines = [
      { ...sales, LineAmount: -10, TaxAmount: -11 },
      { ...debtors, LineAmount: 21 },
    ]
    const element = await write(client, { ...withLines(...lines), LineAmountTypes: 'Exclusive' })
    expect(errorsOf(element)).toEqual(['The tax amount cannot be greater than the line amount!'])
  })
})

describe('editing', () => {
  test('a posted one: its lines are replaced by those sent and left alone otherwise', async () => {
    const client = await started()
    const { ManualJournalID } = await write(client, cogs)
    const renamed = await write(client, { ManualJournalID, Narration: 'Again' }, 'POST')
    expect(renamed).toMatchObject({ Narration: 'Again', Status: 'POSTED', JournalLines: [{}, {}] })
    const lines = [50, 30, -80].map((LineAmount) => ({ ...debit, LineAmount }))
    const replaced = await client.post(`/ManualJournals/${ManualJournalID}`, {
      ManualJournals: [{ Narration: 'Third', JournalLines: lines }],
    })
    expect(replaced.list('ManualJournals')[0]).toMatchObject({ JournalLines: [{}, {}, { LineAmount: -80 }] })
    expect(client.sandbox.manualJournals()).toMatchObject([{ narration: 'Third' }])
    expect(client.sandbox.manualJournals()[0]?.lines).toHaveLength(3)
  })

  const moves: readonly [from: string, to: string, isAllowed: boolean][] = [
    ['DRAFT', 'POSTED', true],
    ['DRAFT', 'DELETED', true],
    ['DRAFT', 'VOIDED', false],
    ['POSTED', 'VOIDED', true],
    ['POSTED', 'DELETED', false],
    ['POSTED', 'DRAFT', false],
  ]
  test.each(moves)('%s to %s', async (from, to, isAllowed) => {
    const client = await started()
    const { ManualJournalID } = await write(client, { ...cogs, Status: from })
    const moved = await write(client, { ManualJournalID, Narration: 'n', Status: to }, 'POST')
    expect(errorsOf(moved)).toEqual(isAllowed ? [] : ['Document not of valid status for modification'])
    expect(moved['Status']).toBe(to)
    expect(client.sandbox.manualJournals()).toMatchObject([{ status: isAllowed ? to : from }])
  })

  test('what is voided stays so, and an unknown id is refused', async () => {
    const client = await started()
    const { ManualJournalID } = await write(client, cogs)
    await write(client, { ManualJournalID, Narration: 'n', Status: 'VOIDED' }, 'POST')
    const after = await write(client, { ManualJournalID, Narration: 'm', Status: 'POSTED' }, 'POST')
    expect(errorsOf(after)).toEqual(['Document not of valid status for modification'])
    expect(errorsOf(await write(client, { ...cogs, ManualJournalID: zero }, 'POST'))).toEqual([
      'An existing ManualJournal with the specified ManualJournalID could not be found',
    ])
    expect((await client.post(`/ManualJournals/${zero}`, cogs)).status).toBe(404)
  })

  test('locked periods: no new one, no edit of an old one', async () => {
    const client = await started()
    const { ManualJournalID } = await write(client, cogs)
    client.sandbox.person().setLockDate(parseDate('2026-11-20'))
    expect(errorsOf(await write(client, cogs))).toEqual([
      'The document date cannot be before the period lock date, currently set at 20-Nov-2026',
    ])
    const edit = { ManualJournalID, Narration: 'x' }
    expect(errorsOf(await write(client, { ...edit, Status: 'VOIDED' }, 'POST'))).toEqual([
      'This document cannot be edited as it is currently dated before the period lock date',
    ])
    client.sandbox.switches.lockedEdit = 'text-only'
    expect(await write(client, edit, 'POST')).toMatchObject({ Narration: cogs['Narration'] })
  })
})

describe('reading', () => {
  test('pages have lines, the whole list has none; where and If-Modified-Since narrow it', async () => {
    const client = await started()
    const { ManualJournalID } = await write(client, cogs)
    client.clock.advance(5000)
    await write(client, { ...cogs, Narration: 'Pay run 12' })
    const whole = await client.get('/ManualJournals')
    expect(whole.list('ManualJournals')).toMatchObject([{ JournalLines: [] }, { JournalLines: [] }])
    expect(whole.json).not.toHaveProperty('pagination')
    const page = await client.get('/ManualJournals?page=1&pageSize=1')
    expect(page.json).toMatchObject({ pagination: { itemCount: 2, pageCount: 2 } })
    expect(page.list('ManualJournals')).toMatchObject([{ JournalLines: [{}, {}] }])
    const since = new Date(client.clock.now()).toISOString()
    const changed = await client.get('/ManualJournals?page=1', { 'if-modified-since': since })
    expect(changed.list('ManualJournals')).toMatchObject([{ Narration: 'Pay run 12' }])
    const where = encodeURIComponent(
      'Status=="POSTED" AND Narration.StartsWith("COGS") AND Date==DateTime(2026, 11, 20)',
    )
    expect((await client.get(`/ManualJournals?where=${where}`)).list('ManualJournals')).toHaveLength(1)
    const one = await client.get(`/ManualJournals/${ManualJournalID}`)
    expect(one.list('ManualJournals')).toMatchObject([{ HasAttachments: false, Attachments: [] }])
    expect((await client.get(`/ManualJournals/${zero}`)).status).toBe(404)
    client.sandbox.switches.unpagedJournalLines = 'shown'
    expect((await client.get('/ManualJournals')).list('ManualJournals')[0]?.['JournalLines']).toHaveLength(2)
    expect(violations(client.exchanges)).toEqual([])
  })

  test('needs its own scope', async () => {
    const client = await started()
    await client.connect('accounting.invoices accounting.settings')
    expect((await client.get('/ManualJournals')).status).toBe(401)
    expect((await client.put('/ManualJournals', cogs)).status).toBe(401)
  })
})

describe('faults', () => {
  const three = { ManualJournals: [cogs, cogs, cogs] }
  const put = (client: TestClient) =>
    client.put('/ManualJournals?summarizeErrors=false', three, { 'idempotency-key': 'once' })

  test('partial-commit leaves the first, and the key replays the failure', async () => {
    const client = await started()
    client.sandbox.fault({ method: 'PUT', path: '/ManualJournals', kind: 'partial-commit', stored: 1 })
    expect((await put(client)).status).toBe(500)
    expect((await put(client)).status).toBe(500)
    expect(client.sandbox.manualJournals()).toHaveLength(1)
  })

  test('drop-after-commit stores all, and the same key does not store them again', async () => {
    const client = await started()
    client.sandbox.fault({ path: '/ManualJournals', kind: 'drop-after-commit' })
    await expect(put(client)).rejects.toThrow()
    expect((await put(client)).list('ManualJournals')).toHaveLength(3)
    expect(client.sandbox.manualJournals()).toHaveLength(3)
  })

  test('late-commit stores after its time', async () => {
    const client = await started()
    client.sandbox.fault({ path: '/ManualJournals', kind: 'late-commit', afterMs: 60_000 })
    const answer = put(client)
    await until(() => client.clock.sleepers === 1)
    expect(client.sandbox.manualJournals()).toHaveLength(0)
    client.clock.advance(60_000)
    expect((await answer).status).toBe(200)
    expect(client.sandbox.manualJournals()).toHaveLength(3)
  })
})

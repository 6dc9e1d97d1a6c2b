import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { type CommandLedger, commandLedger } from '../../test/support/command-ledger.ts'
import { linkContactCommand, listContactsCommand, unlinkContactCommand } from './contacts.ts'

const guid = '7C0B7EA4-5d3f-4f3c-8a53-7e6c4d8b2f10'

let world: CommandLedger
beforeEach(() => {
  world = commandLedger()
  world.insert('billing_entity', { code: 'NZ01', name: 'Harbour Motors Ltd', region: 'NZ' })
  world.insert('contact', { code: 'ACME', name: 'Acme Ltd' })
  world.insert('contact', { code: 'BETA', name: 'Beta', active: 0 })
})
afterEach(() => world.drop())

const link = (code: string, xeroId: string, flags = {}) =>
  world.run((context) => linkContactCommand(context, code, xeroId), flags)
const unlink = (code: string, flags = {}) =>
  world.run((context) => unlinkContactCommand(context, code), flags)
const list = (flags = {}) => world.run(listContactsCommand, flags)

function mirrored(contact: Record<string, string | number> = {}): void {
  world.insert('mirror_contact', {
    tenant_id: 'tenant-1',
    contact_id: guid.toLowerCase(),
    name: 'Acme',
    name_key: 'acme',
    status: 'ACTIVE',
    updated_at: '2026-11-01T00:00:00.000Z',
    read_at: '2026-11-01T00:00:00.000Z',
    ...contact,
  })
}

describe('contacts', () => {
  test('are listed with their links and what Xero says of them, a JSON line each', async () => {
    world.connect('NZ01')
    mirrored({ is_customer: 1, is_supplier: 0 })
    await link('ACME', guid)
    expect((await list({ json: true })).json).toEqual([
      {
        code: 'ACME',
        name: 'Acme Ltd',
        active: true,
        link: {
          xeroContactId: guid.toLowerCase(),
          organisation: 'Harbour Motors',
          madeBy: 'hand',
          since: '2026-11-22T03:00:00.000Z',
        },
        inXero: { isCustomer: true, isSupplier: false, status: 'ACTIVE' },
      },
      { code: 'BETA', name: 'Beta', active: false, link: null, inXero: null },
    ])
    expect((await list()).out).toContain(
      `ACME  Acme Ltd  yes     ${guid.toLowerCase()}  Harbour Motors  hand`,
    )
  })

  test('a named entity shows the links of its organisation only', async () => {
    world.insert('billing_entity', { code: 'NZ02', name: 'Second', region: 'NZ' })
    world.connect('NZ01')
    await link('ACME', guid)
    expect((await list({ json: true, entity: 'NZ02' })).json).toMatchObject([{ link: null }, { link: null }])
    expect((await list({ json: true, entity: 'NZ01' })).json).toMatchObject([{ link: {} }, { link: null }])
  })

  test('a link by hand replaces what was there, and can be ended', async () => {
    world.connect('NZ01')
    world.insert('contact_link', {
      contact: 'ACME',
      tenant_id: 'tenant-1',
      xero_contact_id: 'old',
      made_by: 'match',
      since: '2026-11-01T00:00:00.000Z',
    })
    expect((await link('ACME', guid, { json: true })).json).toMatchObject([
      {
        code: 'ACME',
        link: { xeroContactId: guid.toLowerCase(), madeBy: 'hand', organisation: 'Harbour Motors' },
      },
    ])
    expect((await unlink('ACME')).out).toContain('is not linked any more')
    expect((await list({ json: true })).json).toMatchObject([{ link: null }, {}])
    expect((await unlink('ACME')).out).toContain('had no link')
    expect((await unlink('ACME', { json: true })).json).toMatchObject([{ code: 'ACME', link: null }])
    expect(world.ledger.sqlite.prepare('SELECT who, what FROM event').all()).toEqual([
      { who: 'mere@office', what: 'linked by hand' },
      { who: 'mere@office', what: 'unlinked' },
    ])
  })

  test.each<{ title: string; contact: Record<string, string> | null; warns: string }>([
    { title: 'that was never read', contact: null, warns: 'was not among those last read' },
    { title: 'that is archived', contact: { status: 'ARCHIVED' }, warns: 'is archived in Xero' },
    { title: 'that was merged', contact: { merged_to: 'other' }, warns: 'link other instead' },
    { title: 'that is fine', contact: {}, warns: '' },
  ])('a contact $title is linked, with a warning where there is one', async ({ contact, warns }) => {
    world.connect('NZ01')
    if (contact) mirrored(contact)
    const { code, err, out } = await link('ACME', guid)
    expect(code).toBe(0)
    expect(out).toContain('is linked to contact')
    if (warns === '') expect(err).toBe('')
    else expect(err).toContain(warns)
  })

  test.each<{
    title: string
    prepare: () => void
    code?: string
    xeroId?: string
    error: string
    says: string
  }>([
    {
      title: 'no GUID',
      prepare: () => world.connect('NZ01'),
      xeroId: '123',
      error: 'usage',
      says: 'no id of a contact',
    },
    {
      title: 'an unknown contact',
      prepare: () => world.connect('NZ01'),
      code: 'ACNE',
      error: 'usage',
      says: 'Did you mean ACME?',
    },
    { title: 'no connection', prepare: () => undefined, error: 'not-connected', says: 'Connect first' },
    {
      title: 'two organisations',
      prepare: () => {
        world.insert('billing_entity', { code: 'NZ02', name: 'Second', region: 'NZ' })
        world.connect('NZ01')
        world.connect('NZ02', 'tenant-2')
      },
      error: 'usage',
      says: 'say which with --entity (NZ01, NZ02)',
    },
  ])('refuses $title', async ({ prepare, code = 'ACME', xeroId = guid, error, says }) => {
    prepare()
    await expect(link(code, xeroId)).rejects.toMatchObject({
      code: error,
      message: expect.stringContaining(says),
    })
    expect(world.ledger.sqlite.prepare('SELECT COUNT(*) AS n FROM contact_link').get()).toEqual({ n: 0 })
  })
})

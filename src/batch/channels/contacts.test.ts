import { expect, test } from 'vitest'
import { aContactInXero } from '../../../test/support/contacts.ts'
import type { FoundContact } from '../../xero/found.ts'
import type { XeroGateway } from '../../xero/gateway.ts'
import { contacts } from './contacts.ts'

const kea: FoundContact = {
  contactId: 'contact-1',
  name: 'Kea Ltd',
  contactNumber: 'KEA',
  email: null,
  phones: [],
  status: 'ACTIVE',
  mergedTo: null,
  updatedAt: 1,
  inXero: aContactInXero(),
}

/** Answers with these pages, each at its time; the whole ends at the last. */
function gatewayOf(pageTimes: readonly number[], end: number): XeroGateway {
  const gateway: Pick<XeroGateway, 'contactsSince'> = {
    contactsSince: async (_, onPage) => {
      for (const time of pageTimes) await onPage([kea], time)
      return { serverTime: end }
    },
  }
  return gateway as XeroGateway // a look-up asks for contacts alone
}

test.each<[string, number[], number, number]>([
  ['of one page: its own', [100], 100, 100],
  ['of several pages: the first, since what is stored meanwhile may be missed', [100, 200, 300], 300, 100],
  // Never "for ever": then everything would count as not found at once, and be sent again.
  ['that found nothing: the answer that said so', [], 100, 100],
])('the time up to which a look-up %s is complete', async (_, pageTimes, end, expected) => {
  const { found, serverTime } = await contacts.lookUp(gatewayOf(pageTimes, end), 0, [])
  expect(serverTime).toBe(expected)
  expect(found).toHaveLength(pageTimes.length)
})

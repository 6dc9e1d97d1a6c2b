// Reads the mirror of the organisation (R2): what rules and mapping need to know before anything is sent. Six calls and
// one a thousand changed contacts. Payments and the rest that comes back are not pulled by this version.

import { applyContacts, contactsWatermark } from '../ledger/mirror-contacts.ts'
import type { Ledger } from '../ledger/open.ts'
import type { XeroGateway } from '../xero/gateway.ts'
import { refreshReference } from './reference.ts'

/** Reads overlap, since a change may be stored later than it is dated (§5). */
const overlapMs = 5 * 60_000

/**
 * Brings the mirror up to date; AuxoError where Xero cannot be asked. Contacts are read as they changed, or all of them. Returns
 * Xero's clock at the end, and how many contacts were new or changed.
 */
export async function pullMirror(
  ledger: Ledger,
  gateway: XeroGateway,
  { allContacts = false }: { allContacts?: boolean } = {},
): Promise<{ serverTime: number; contacts: number }> {
  await refreshReference(ledger, gateway)
  const reached = allContacts ? null : await contactsWatermark(ledger, gateway.tenantId)
  let count = 0
  const { serverTime } = await gateway.contactsSince(
    reached === null ? null : reached - overlapMs,
    async (contacts) => {
      const latest = contacts.reduce((max, contact) => Math.max(max, contact.updatedAt), 0)
      await applyContacts(ledger, gateway.tenantId, contacts, latest === 0 ? null : latest)
      // The overlap shows some again that are known.
      count += contacts.filter(({ updatedAt }) => reached === null || updatedAt > reached).length
    },
  )
  return { serverTime, contacts: count }
}

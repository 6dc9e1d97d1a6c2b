// Which contact of Xero an unlinked contact of the ledger is (K4): one, none, or not for a program to say. It is handed
// the contacts of Xero that share its name or number; it never guesses between two.

import { emailOf } from '../accounting/contact-card.ts'
import type { LedgerContact, MirrorContact } from '../accounting/documents.ts'
import { nameKey } from '../accounting/names.ts'
import type { EntitySettings } from '../accounting/settings.ts'
import { contactNumberOf } from './contact.ts'
import { phoneKey } from './phone.ts'

export type ContactMatch =
  | { outcome: 'match'; xeroContactId: string }
  | { outcome: 'none' }
  /** A person decides: `xeroContactIds` are what it could be, `why` is a sentence for them. */
  | { outcome: 'ambiguous'; xeroContactIds: readonly string[]; why: string }

export interface MatchRule {
  mode: EntitySettings['contact_match']
  regionCode: string
  /** To which contact of the ledger a candidate is linked, by Xero's id: one that is another's is no sure match. */
  linkedTo: ReadonlyMap<string, string>
}

/**
 * Best evidence first: our number with our name is it; our number with another name may be a renamed contact or a clash,
 * so a person decides. Then the name, in the strict mode only with e-mail or phone agreeing; where they do not,
 * creating another is no way out, since Xero wants names unique (§4.2). Archived and merged contacts are no candidates.
 */
export function matchContact(
  contact: LedgerContact,
  candidates: readonly MirrorContact[],
  rule: MatchRule,
): ContactMatch {
  const active = candidates.filter(({ status, mergedTo }) => status === 'ACTIVE' && mergedTo === null)
  const number = contactNumberOf(contact.code)
  const key = nameKey(contact.name)
  const numbered = active.filter((candidate) => candidate.contactNumber === number)
  const named = active.filter((candidate) => nameKey(candidate.name) === key)

  const [sure] = numbered.filter((candidate) => named.includes(candidate))
  if (sure && numbered.length === 1) return unlessLinked(sure, rule)
  const [other] = numbered
  if (other)
    return ambiguous(
      [...numbered, ...named],
      `Xero has the number ${number} under another name, “${other.name}”.`,
    )
  const [only, second] = named
  if (!only) return { outcome: 'none' }
  if (second) return ambiguous(named, `Xero has ${named.length} active contacts of the name “${only.name}”.`)
  if (rule.mode === 'name_and_email_or_phone' && !agrees(contact, only, rule.regionCode))
    return ambiguous(named, `Xero has “${only.name}”, but neither e-mail nor phone agree.`)
  return unlessLinked(only, rule)
}

/** Two contacts of the ledger would overwrite each other in Xero. */
function unlessLinked(found: MirrorContact, { linkedTo }: MatchRule): ContactMatch {
  const other = linkedTo.get(found.contactId)
  if (other === undefined) return { outcome: 'match', xeroContactId: found.contactId }
  return ambiguous([found], `“${found.name}” in Xero is linked to contact ${other} already.`)
}

function ambiguous(candidates: readonly MirrorContact[], why: string): ContactMatch {
  return { outcome: 'ambiguous', xeroContactIds: [...new Set(candidates.map((c) => c.contactId))], why }
}

function agrees(contact: LedgerContact, candidate: MirrorContact, regionCode: string): boolean {
  const email = emailOf(contact)?.toLowerCase()
  if (email && email === candidate.email?.trim().toLowerCase()) return true
  const theirs = new Set(candidate.phones.map((phone) => phoneKey(phone, regionCode)))
  return [contact.phone, contact.mobile].some((phone) => {
    const key = phone === null ? null : phoneKey(phone, regionCode)
    return key !== null && theirs.has(key)
  })
}

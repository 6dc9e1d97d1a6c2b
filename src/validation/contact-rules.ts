// A contact's own details, as they would be sent (§4.2, K2, K7, K8). Whether it is surely one contact of Xero is
// link-rules.ts's business.

import { baseCurrencyOf } from '../accounting/books.ts'
import { emailOf, namedPeople } from '../accounting/contact-card.ts'
import type { LedgerContact } from '../accounting/documents.ts'
import type { Finding } from '../accounting/findings.ts'
import { tidySpaces } from '../accounting/names.ts'
import { morePeopleMax } from '../mapping/contact.ts'
import type { ContactContext } from './context.ts'
import type { Complaint } from './document-view.ts'
import { linkComplaints } from './link-rules.ts'
import { textProblem } from './text-rules.ts'
import { listed } from './wording.ts'

export type ContactRule = (contact: LedgerContact, context: ContactContext) => readonly Finding[]

function complain(contact: LedgerContact, complaint: Complaint): Finding {
  return {
    kind: 'contact',
    id: contact.code,
    number: contact.code,
    code: complaint.code,
    severity: complaint.severity ?? 'error',
    field: complaint.field ?? null,
    message: `Contact ${contact.code}${complaint.message}`,
    why: complaint.why,
    fix: complaint.fix,
    xeroMessages: [],
  }
}

export function checkActive(contact: LedgerContact): Finding[] {
  if (contact.active) return []
  return [
    complain(contact, {
      code: 'contact-inactive',
      field: 'active',
      message: ' is inactive.',
      why: 'Inactive contacts are never sent to Xero.',
      fix: 'Make the contact active in the ledger, or put its documents on another contact.',
    }),
  ]
}

export function checkLink(contact: LedgerContact, context: ContactContext): Finding[] {
  return linkComplaints(contact, context).map((complaint) =>
    complain(contact, { ...complaint, message: `: ${complaint.message}` }),
  )
}

const nameMax = 255

export function checkName(contact: LedgerContact): Finding[] {
  const name = tidySpaces(contact.name)
  const field = 'name'
  if (name === '')
    return [
      complain(contact, {
        code: 'contact-name-missing',
        field,
        message: ' has no name.',
        why: 'Xero keeps no contact without a name.',
        fix: 'Give the contact a name in the ledger.',
      }),
    ]
  const problem = textProblem(name, nameMax)
  if (problem)
    return [complain(contact, { ...problem, field, message: ` has a name that ${problem.message}.` })]
  if (!/[<>]/.test(name)) return []
  return [
    complain(contact, {
      code: 'text-invalid',
      field,
      message: ` has the name “${name}”, with an angle bracket in it.`,
      why: 'Xero takes no < or > in names.',
      fix: 'Remove the angle brackets in the ledger.',
    }),
  ]
}

/** One plain address: Xero takes no accents and no lists (§4.2). */
const emailPattern = /^[\w.!#$%&'*+/=?^`{|}~-]+@[a-z0-9-]+(\.[a-z0-9-]+)+$/i
const emailMax = 255

export function checkEmails(contact: LedgerContact, context: ContactContext): Finding[] {
  if (context.books.settings.contact_detail === 'name') return []
  const [, ...others] = namedPeople(contact)
  const emails: [string, string | null][] = [
    ['email', emailOf(contact)],
    ...others
      .slice(0, morePeopleMax)
      .map((person): [string, string | null] => [
        `people[${contact.people.indexOf(person) + 1}].email`,
        person.email,
      ]),
  ]
  return emails.flatMap(([field, text]) => {
    const email = text?.trim()
    if (!email || (email.length <= emailMax && emailPattern.test(email))) return []
    return [
      complain(contact, {
        code: email.length > emailMax ? 'text-too-long' : 'text-invalid',
        field,
        message: ` has the e-mail address “${email.slice(0, emailMax)}”, which Xero does not take.`,
        why: 'Xero takes one plain address of at most 255 characters, without accents.',
        fix: 'Correct the address in the ledger, or leave it empty.',
      }),
    ]
  })
}

/** Every other text that is sent with a contact, with Xero's limit (§4.2). */
function detailsOf(contact: LedgerContact): [field: string, text: string | null, limit: number][] {
  const details: [string, string | null, number][] = [
    ['taxNumber', contact.taxNumber, 50],
    ['phone', contact.phone, 50],
    ['mobile', contact.mobile, 50],
  ]
  for (const side of ['street', 'postal'] as const) {
    const address = contact[side]
    details.push(
      [`${side}.street1`, address.street1, 500],
      [`${side}.street2`, address.street2, 500],
      [`${side}.city`, address.city, 255],
      [`${side}.state`, address.state, 255],
      [`${side}.postcode`, address.postcode, 50],
      [`${side}.country`, address.country, 50],
    )
  }
  for (const person of namedPeople(contact).slice(0, morePeopleMax + 1)) {
    const field = `people[${contact.people.indexOf(person) + 1}]`
    details.push([`${field}.firstName`, person.firstName, 255], [`${field}.lastName`, person.lastName, 255])
  }
  return details
}

export function checkDetails(contact: LedgerContact, context: ContactContext): Finding[] {
  if (context.books.settings.contact_detail === 'name') return []
  return detailsOf(contact).flatMap(([field, text, limit]) => {
    const problem = textProblem(text?.trim() ?? '', limit, { mayHaveLines: /street[12]$/.test(field) })
    return problem
      ? [
          complain(contact, {
            ...problem,
            field,
            message: ` has a ${inWords(field)} that ${problem.message}.`,
          }),
        ]
      : []
  })
}

/** "street.street1" is "street street 1", "taxNumber" is "tax number". */
function inWords(field: string): string {
  return field
    .replaceAll(/(?<=[a-z])(?=[A-Z0-9])/g, ' ')
    .replaceAll('.', ' ')
    .toLowerCase()
}

export function checkContactCurrency(contact: LedgerContact, context: ContactContext): Finding[] {
  const { mirror, settings } = context.books
  const currency = contact.currency?.trim()
  if (!mirror || !currency || settings.contact_detail === 'name') return []
  if (currency === baseCurrencyOf(context.books) || mirror.currencies.has(currency)) return []
  return [
    complain(contact, {
      code: 'currency-not-enabled',
      field: 'currency',
      message: ` is invoiced in ${currency}, which ${mirror.organisation.name} does not have.`,
      why: 'An organisation takes only the currencies that were added to it in Xero.',
      fix: `Add ${currency} in Xero and run auxo-sync refresh, or clear the currency of the contact.`,
    }),
  ]
}

/** Xero keeps the primary person and five more: the rest stay in the ledger (K8). */
export function checkPeople(contact: LedgerContact, context: Pick<ContactContext, 'books'>): Finding[] {
  if (context.books.settings.contact_detail === 'name') return []
  return leftOutPeople(contact, namedPeople(contact).length - morePeopleMax - 1)
}

/** So many people of a contact have no place in Xero, where others may have been entered too. */
export function leftOutPeople(contact: LedgerContact, left: number): Finding[] {
  if (left <= 0) return []
  return [
    complain(contact, {
      code: 'people-left-out',
      severity: 'warning',
      field: 'people',
      message: ` has ${left} more ${left === 1 ? 'person' : 'people'} than Xero keeps.`,
      why: 'Xero keeps a primary person and five more of each contact.',
      fix: 'Nothing to do: they stay in the ledger. Put those who matter first.',
    }),
  ]
}

/** The contact was changed, and another one of the ledger is kept in step with the same contact of Xero (K5). */
export function sharedInXero(contact: LedgerContact, sharedBy: readonly string[]): Finding {
  const others = sharedBy.filter((code) => code !== contact.code)
  return complain(contact, {
    code: 'contact-shared',
    severity: 'information',
    message: ` was changed, and nothing of it was sent: ${listed('contact', others)} ${others.length === 1 ? 'is' : 'are'} linked to the same contact of Xero.`,
    why: 'Contacts of the ledger that are one in Xero would overwrite each other there, so only one of them is sent.',
    fix: 'Make the change on the other contact too, or link this one to a contact of its own.',
  })
}

// What changed in an organisation's books between two readings of its mirror (R2): accounts, tax rates, tracking, currencies, lock
// dates. Pure; contacts are not part of it.

import type {
  Mirror,
  MirrorAccount,
  MirrorOrganisation,
  MirrorTaxRate,
  MirrorTrackingCategory,
} from './documents.ts'
import { formatE4 } from './money.ts'

export type MirrorPart =
  | 'organisation'
  | 'account'
  | 'tax_rate'
  | 'tracking_category'
  | 'tracking_option'
  | 'currency'

/** `changed`: a value of it is another, in words that people read; null where there was none or is none. */
export type MirrorChange = { part: MirrorPart; name: string } & (
  | { change: 'added' | 'gone' | 'archived' | 'restored' }
  | { change: 'changed'; field: string; before: string | null; after: string | null }
)

/** In the order of the parts; of each the changed ones first, then what is new, then what is gone. */
export function mirrorChanges(before: Mirror, after: Mirror): MirrorChange[] {
  return [
    ...fieldChanges(
      'organisation',
      after.organisation.name,
      organisationFields(before.organisation),
      organisationFields(after.organisation),
    ),
    ...compared(accounts(before), accounts(after), 'account'),
    ...compared(rates(before), rates(after), 'tax_rate'),
    ...compared(categories(before.tracking), categories(after.tracking), 'tracking_category'),
    ...compared(options(before.tracking), options(after.tracking), 'tracking_option'),
    ...compared(currencies(before), currencies(after), 'currency'),
  ]
}

type Fields = Readonly<Record<string, string | null>>

/** Something of the mirror: what people call it, whether it is in use, and the values that are compared. */
interface Part {
  name: string
  status: string
  fields: Fields
}

function organisationFields(organisation: MirrorOrganisation): Fields {
  return {
    name: organisation.name,
    'base currency': organisation.baseCurrency,
    country: organisation.countryCode,
    'time zone': organisation.timezone,
    'period lock date': organisation.periodLockDate,
    'end of year lock date': organisation.endOfYearLockDate,
  }
}

function accounts({ accounts }: Mirror): Map<string, Part> {
  return new Map(
    [...accounts.values()].map((account) => [
      account.accountId,
      { name: accountName(account), status: account.status, fields: accountFields(account) },
    ]),
  )
}

function accountName({ code, name }: MirrorAccount): string {
  return code === null ? name : `${code} ${name}`
}

function accountFields(account: MirrorAccount): Fields {
  return {
    code: account.code,
    name: account.name,
    type: account.type,
    'tax rate': account.taxType,
    'payments to it': account.enablePayments ? 'allowed' : 'not allowed',
    'use by Xero': account.systemAccount,
  }
}

function rates({ taxRates }: Mirror): Map<string, Part> {
  return new Map(
    [...taxRates.values()].map((rate) => [
      rate.taxType,
      { name: `${rate.taxType} ${rate.name}`, status: rate.status, fields: rateFields(rate) },
    ]),
  )
}

function rateFields({ name, rate, canApplyTo }: MirrorTaxRate): Fields {
  const classes = Object.entries(canApplyTo).flatMap(([one, applies]) => (applies ? one : []))
  return { name, percentage: formatE4(rate), 'goes with': classes.join(', ') }
}

function categories(tracking: readonly MirrorTrackingCategory[]): Map<string, Part> {
  return new Map(
    tracking.map(({ categoryId, name, status }) => [categoryId, { name, status, fields: { name } }]),
  )
}

function options(tracking: readonly MirrorTrackingCategory[]): Map<string, Part> {
  return new Map(
    tracking.flatMap((category) =>
      category.options.map(({ optionId, name, status }) => [
        optionId,
        { name: `${category.name}: ${name}`, status, fields: { name } },
      ]),
    ),
  )
}

function currencies({ currencies }: Mirror): Map<string, Part> {
  return new Map([...currencies].map((code) => [code, { name: code, status: 'ACTIVE', fields: {} }]))
}

function compared(
  before: ReadonlyMap<string, Part>,
  after: ReadonlyMap<string, Part>,
  part: MirrorPart,
): MirrorChange[] {
  const kept = [...after].flatMap(([id, now]): MirrorChange[] => {
    const was = before.get(id)
    return was
      ? [...statusChange(part, was, now), ...fieldChanges(part, was.name, was.fields, now.fields)]
      : []
  })
  const added = [...after].flatMap(([id, { name }]): MirrorChange[] =>
    before.has(id) ? [] : [{ part, name, change: 'added' }],
  )
  const gone = [...before].flatMap(([id, { name }]): MirrorChange[] =>
    after.has(id) ? [] : [{ part, name, change: 'gone' }],
  )
  return [...kept, ...added, ...gone]
}

function statusChange(part: MirrorPart, was: Part, now: Part): MirrorChange[] {
  if ((was.status === 'ACTIVE') === (now.status === 'ACTIVE')) return []
  return [{ part, name: was.name, change: now.status === 'ACTIVE' ? 'restored' : 'archived' }]
}

function fieldChanges(part: MirrorPart, name: string, was: Fields, now: Fields): MirrorChange[] {
  return Object.keys(now).flatMap((field): MirrorChange[] => {
    const before = was[field] ?? null
    const after = now[field] ?? null
    return before === after ? [] : [{ part, name, change: 'changed', field, before, after }]
  })
}

// Currencies: the list, and PUT, which adds one that can never be removed (§4.9).

import { parseJson, readObject, type Shape, text, UnreadableBody } from './body.ts'
import { answerWith, type Call, type Route } from './call.ts'
import { textOf } from './json.ts'
import { listQuery, refine } from './listing.ts'
import type { Currency } from './organisation.ts'
import type { Reply } from './reply.ts'
import type { FilterFields } from './where.ts'

const fields: FilterFields<Currency> = {
  Code: { type: 'text', read: (currency) => currency.code },
  Description: { type: 'text', read: (currency) => currency.description },
}

const shape: Shape = { name: 'Currency', fields: { Code: text(), Description: text() } }

const names = new Intl.DisplayNames('en', { type: 'currency' })

export function currencyNamed(code: string): Currency {
  return { code, description: names.of(code) ?? code }
}

function add(call: Call): Reply {
  const element = readObject(parseJson(call.body), shape, '', call.switches)
  const code = textOf(element, 'Code') ?? ''
  if (!/^[A-Z]{3}$/.test(code)) {
    throw new UnreadableBody(
      `Error converting value "${code}" to type 'Xero.API.Library..CurrencyCode'. Path 'Code'.`,
    )
  }
  const { organisation } = call
  const known = organisation.currencies.find((currency) => currency.code === code)
  const currency = known ?? currencyNamed(code)
  if (!known) organisation.assign('currencies', [...organisation.currencies, currency])
  return answerWith(call, 'Currencies', [view(currency)])
}

function view(currency: Currency) {
  return { Code: currency.code, Description: currency.description }
}

const scopes = ['accounting.settings']

export const currencyRoutes: readonly Route[] = [
  {
    method: 'GET',
    path: '/Currencies',
    scopes,
    query: listQuery,
    answer: (call) =>
      answerWith(call, 'Currencies', refine(call, [...call.organisation.currencies], fields).map(view)),
  },
  { method: 'PUT', path: '/Currencies', scopes, query: [], answer: add },
]

// `/_person/`: a person at work in Xero, as pages for people and as JSON for scripts. Finds the page or the action, guards
// what changes something, and answers; what stands on the pages is in person-lists.ts, -documents.ts and -others.ts.

import { randomBytes } from 'node:crypto'
import { dateInZone } from '../accounting/calendar.ts'
import type { ApiRequest } from './api.ts'
import { isObject, type Json, type JsonObject } from './json.ts'
import type { Organisation } from './organisation.ts'
import type { Person } from './person.ts'
import { type Action, type Desk, type Done, Mistake } from './person-action.ts'
import { personAction, personActions } from './person-actions.ts'
import { creditView, type DocumentPage, invoiceView, paymentView } from './person-documents.ts'
import type { Attempt } from './person-forms.ts'
import { type Frame, html, personBase, type View, wholePage } from './person-html.ts'
import { contactsView, creditsView, invoicesView, type ListPage, paymentsView } from './person-lists.ts'
import { contactView, othersView } from './person-others.ts'
import { jsonReply, type Reply } from './reply.ts'
import { foreignProblem } from './same-origin.ts'

/** The organisation that the pages show: the `sandbox` verb has one. */
export interface Workplace {
  readonly organisation: Organisation
  readonly person: Person
  readonly now: number
}

type Lookup = (page: DocumentPage & ListPage, id: string) => View | undefined

const lists: Readonly<Record<string, (page: ListPage) => View>> = {
  '': invoicesView,
  invoices: invoicesView,
  credits: creditsView,
  payments: paymentsView,
  contacts: contactsView,
  others: othersView,
}

const documents: Readonly<Record<string, Lookup>> = {
  invoices: (page, id) => shown(page.organisation.invoices.get(id), (invoice) => invoiceView(page, invoice)),
  credits: (page, id) => {
    const { creditNotes, prepayments, overpayments } = page.organisation
    const credit = creditNotes.get(id) ?? prepayments.get(id) ?? overpayments.get(id)
    return shown(credit, (one) => creditView(page, one))
  },
  payments: (page, id) => shown(page.organisation.payments.get(id), (payment) => paymentView(page, payment)),
  contacts: (page, id) => shown(page.organisation.contacts.get(id), (contact) => contactView(page, contact)),
}

function shown<T>(found: T | undefined, view: (found: T) => View): View | undefined {
  return found === undefined ? undefined : view(found)
}

/** How many sentences are remembered between a deed and the page that tells it. */
const toldMax = 100

export class PersonSite {
  readonly #workplace: () => Workplace
  /** Random, not from the seed: it has to be a secret from other sites, and nothing is stored with it. */
  readonly #token = randomBytes(18).toString('base64url')
  readonly #told = new Map<string, string>()
  #deeds = 0

  constructor(workplace: () => Workplace) {
    this.#workplace = workplace
  }

  answer(request: ApiRequest): Reply {
    const foreign = foreignProblem(request)
    if (foreign !== null) return jsonReply(403, { ok: false, message: foreign })
    const path = request.path.slice(personBase.length)
    if (request.method === 'GET')
      return path === 'actions' ? listedActions : this.#get(path, request.rawQuery)
    if (request.method !== 'POST')
      return jsonReply(405, { ok: false, message: 'Only GET and POST are known here.' })
    const action = personAction(path)
    if (!action) return jsonReply(404, { ok: false, message: noAction(path) })
    const type = request.headers['content-type'] ?? ''
    if (type.startsWith('application/json')) return this.#script(action, request.body)
    if (type.startsWith('application/x-www-form-urlencoded')) return this.#form(action, request.body)
    return jsonReply(415, { ok: false, message: 'A body of type application/json is expected.' })
  }

  #get(path: string, rawQuery: string): Reply {
    const query = new URLSearchParams(rawQuery)
    const did = this.#told.get(query.get('done') ?? '')
    const message: Frame['message'] = did === undefined ? null : { kind: 'did', text: did }
    return this.#page(200, path, query, null, message)
  }

  #page(
    status: number,
    path: string,
    query: URLSearchParams,
    refused: Attempt | null,
    message: Frame['message'],
  ): Reply {
    const { organisation } = this.#workplace()
    const frame = { organisation: organisation.profile.name, path, message }
    const page = { organisation, query, token: this.#token, page: path, refused }
    const view = viewAt(page)
    return view
      ? pageReply(status, wholePage(view, frame))
      : pageReply(404, wholePage({ title: 'There is no such page', body: noPage }, frame))
  }

  #form(action: Action, body: string): Reply {
    const { _token, _page = '', ...values } = Object.fromEntries(new URLSearchParams(body))
    const refuse = (status: number, text: string) => {
      const message = { kind: 'mistake', text } as const
      return this.#page(status, _page, new URLSearchParams(), { action: action.name, values }, message)
    }
    if (_token !== this.#token)
      return refuse(403, 'This page was of an earlier sandbox. Nothing was done: try again.')
    const outcome = this.#do(action, values)
    if (outcome instanceof Mistake) return refuse(422, outcome.message)
    const query = new URLSearchParams({ done: this.#tell(outcome.did) })
    return {
      status: 303,
      headers: { Location: `${personBase}${outcome.page}?${query.toString()}` },
      body: '',
    }
  }

  #tell(did: string): string {
    this.#deeds += 1
    const key = String(this.#deeds)
    this.#told.set(key, did)
    this.#told.delete(String(this.#deeds - toldMax))
    return key
  }

  #script(action: Action, body: string): Reply {
    const values = readObject(body)
    if (values === null) return jsonReply(400, { ok: false, message: 'The body is no JSON object.' })
    const outcome = this.#do(action, values)
    if (outcome instanceof Mistake) return jsonReply(422, { ok: false, message: outcome.message })
    return jsonReply(200, { ok: true, did: outcome.did, id: outcome.id })
  }

  #do(action: Action, values: Readonly<Record<string, unknown>>): Done | Mistake {
    const { organisation, person, now } = this.#workplace()
    const desk: Desk = { organisation, person, today: dateInZone(now, organisation.timeZone) }
    try {
      return action.act(desk, values)
    } catch (error) {
      if (error instanceof Mistake) return error
      throw error
    }
  }
}

function viewAt(page: DocumentPage & ListPage): View | undefined {
  const [list = '', id, ...more] = page.page.split('/')
  if (more.length > 0 || !Object.hasOwn(lists, list)) return undefined
  if (id === undefined) return lists[list]?.(page)
  return Object.hasOwn(documents, list) ? documents[list]?.(page, id.toLowerCase()) : undefined
}

const noPage = html`<p>It may have been of an earlier sandbox. <a href="${personBase}">Invoices and bills</a></p>`

/** Nothing is loaded, nothing is run, and no other site shows it in a frame. */
function pageReply(status: number, body: string): Reply {
  const policy =
    "default-src 'none'; style-src 'unsafe-inline'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
  return {
    status,
    headers: {
      'Content-Type': 'text/html; charset=utf-8',
      'Content-Security-Policy': policy,
      'X-Content-Type-Options': 'nosniff',
      'Referrer-Policy': 'same-origin',
      'Cache-Control': 'no-store',
    },
    body,
  }
}

const listedActions: Reply = jsonReply(200, {
  actions: personActions.map(({ name, says, fields }) => ({
    name,
    says,
    fields: fields.map((field) => ({
      name: field.name,
      says: field.says,
      isOptional: field.isOptional === true,
      choices: field.choices,
    })),
  })),
})

function noAction(name: string): string {
  return `There is no action “${name}”. There are: ${personActions.map((action) => action.name).join(', ')}.`
}

function readObject(body: string): JsonObject | null {
  try {
    // JSON.parse is typed any; what it gives is Json by definition.
    const value = JSON.parse(body) as Json
    return isObject(value) ? value : null
  } catch {
    return null
  }
}

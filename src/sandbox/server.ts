// Starts a local Xero: the HTTP server, and the handles for tests and for the command line. What Xero
// answers is decided behind pipeline.ts; nothing here is shared with our client.

import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Clock } from '../clock.ts'
import { AccessTokens } from './access-tokens.ts'
import { type ApiContext, type ApiRequest, apiBase } from './api.ts'
import { type App, type BrowserApp, defaultApp, defaultBrowserApp, defaultScopes } from './apps.ts'
import type { Attachment, Note } from './attachment-record.ts'
import type { BankTransaction } from './bank-transaction-record.ts'
import { Consents } from './consents.ts'
import type { Contact } from './contact-record.ts'
import type { RequestCounts } from './control.ts'
import type { CreditNote, Overpayment, Prepayment } from './credit-record.ts'
import { type Exchange, exchangeOf } from './exchange.ts'
import { type Fault, Faults } from './fault.ts'
import { GuidSource } from './guid.ts'
import { IdempotencyStore } from './idempotency.ts'
import { Identity } from './identity.ts'
import { isClientGone, readRequest } from './incoming.ts'
import type { Invoice } from './invoice-record.ts'
import type { Item } from './item-record.ts'
import { bookJournals } from './journal-book.ts'
import { LoginSite, type ScriptedDecision } from './login-site.ts'
import type { ManualJournal } from './manual-journal-record.ts'
import { defaultLimits, type Limits, Meters } from './meters.ts'
import { makeOrganisation, nzDemoCompany, Organisation, type OrganisationSeed } from './organisation.ts'
import { deliver, send } from './outgoing.ts'
import { OwnPages } from './own-pages.ts'
import type { Payment } from './payment-record.ts'
import { Person } from './person.ts'
import { personBase } from './person-html.ts'
import { type Pipeline, take } from './pipeline.ts'
import type { PurchaseOrder } from './purchase-order-record.ts'
import { findRoute } from './routes.ts'
import { readState, restoredOrganisation, savedOrganisation, writeState } from './state-file.ts'
import { defaultSwitches, type Switches } from './switches.ts'
import { TokenEndpoint } from './token-endpoint.ts'
import { type BalanceRow, trialBalance } from './trial-balance.ts'

export interface SandboxOptions {
  /** All time comes from here: stamps, limits, expiry, and how long a held request is held. */
  clock: Clock
  /** Ids follow from it. */
  seed?: number
  /** 0 or left out: any free port. */
  port?: number
  switches?: Partial<Switches>
  /** As they begin, or made already; the NZ demo company if left out. */
  organisations?: readonly (OrganisationSeed | Organisation)[]
  app?: { clientId: string; clientSecret: string; scopes?: readonly string[] }
  /** The app that people log in to with a browser. */
  browserApp?: Partial<BrowserApp>
  /** Kept after each change and read at the start. */
  stateFile?: string
  onExchange?: (exchange: Exchange) => void
  limits?: Partial<Limits>
  /** By tenant id, where an organisation's day began before the sandbox: how many calls are left of it. */
  callsLeftToday?: Readonly<Record<string, number>>
}

export interface Sandbox {
  /** For the API and for identity alike. */
  readonly url: string
  /** Where a person works in Xero by hand. */
  readonly personUrl: string
  readonly clientId: string
  readonly clientSecret: string
  /** Of the app that people log in to with a browser: it has no secret. */
  readonly browserClientId: string
  readonly organisations: readonly Organisation[]
  /** May be changed while it runs. */
  readonly switches: Switches
  readonly counts: RequestCounts
  fault(fault: Fault): void
  clearFaults(): void
  /**
   * A person's decision on the log-in page at this address, where the browser is led after it; the first organisation if none is
   * named. Throws with what the page would say.
   */
  consent(authorizeUrl: string, decision?: ScriptedDecision): string
  /** Of the first organisation if left out. */
  person(tenantId?: string): Person
  invoices(tenantId?: string): readonly Invoice[]
  contacts(tenantId?: string): readonly Contact[]
  creditNotes(tenantId?: string): readonly CreditNote[]
  prepayments(tenantId?: string): readonly Prepayment[]
  overpayments(tenantId?: string): readonly Overpayment[]
  payments(tenantId?: string): readonly Payment[]
  bankTransactions(tenantId?: string): readonly BankTransaction[]
  items(tenantId?: string): readonly Item[]
  purchaseOrders(tenantId?: string): readonly PurchaseOrder[]
  manualJournals(tenantId?: string): readonly ManualJournal[]
  attachments(tenantId?: string): readonly Attachment[]
  notes(tenantId?: string): readonly Note[]
  /** By account and tracking option, in base currency: what tests compare with books worked out by hand. */
  trialBalance(tenantId?: string): readonly BalanceRow[]
  /** Resolves when no late commit is under way any more. The clock must be moved by someone else. */
  settleHeld(): Promise<void>
  /** Rejects with the first bug that a request ran into, so that no test passes over one. */
  close(): Promise<void>
}

export async function startSandbox(options: SandboxOptions): Promise<Sandbox> {
  const host = new Host(options)
  await host.listen(options.port ?? 0)
  return host
}

class Host implements Sandbox {
  readonly organisations: readonly Organisation[]
  readonly switches: Switches
  readonly clientId: string
  readonly clientSecret: string
  readonly browserClientId: string
  readonly #consents: Consents
  readonly #login: LoginSite
  readonly #options: SandboxOptions
  readonly #guids: GuidSource
  readonly #seed: number
  readonly #faults = new Faults()
  readonly #meters: Meters
  readonly #idempotency = new IdempotencyStore()
  readonly #held = new Set<Promise<unknown>>()
  readonly #closing = new AbortController()
  readonly #pipeline: Pipeline
  readonly #ownPages: OwnPages
  readonly #server: Server
  readonly #byRoute: Record<string, number> = {}
  readonly #bugs: unknown[] = []
  #total = 0
  #savedAt = -1

  constructor(options: SandboxOptions) {
    const saved = options.stateFile === undefined ? null : readState(options.stateFile)
    this.#options = options
    this.#seed = saved?.seed ?? options.seed ?? 1
    this.#guids = new GuidSource(this.#seed, saved?.guidsDrawn ?? 0)
    this.switches = { ...defaultSwitches, ...options.switches }
    this.#meters = new Meters({ ...defaultLimits, ...options.limits })
    const app: App = { name: 'Sandbox App', scopes: defaultScopes, ...(options.app ?? defaultApp) }
    this.clientId = app.clientId
    this.clientSecret = app.clientSecret
    const browserApp = { ...defaultBrowserApp, ...options.browserApp }
    this.browserClientId = browserApp.clientId
    this.#consents = new Consents(() => this.#guids.next())
    const now = options.clock.now()
    this.organisations =
      saved?.organisations.map(restoredOrganisation) ??
      (options.organisations ?? [nzDemoCompany()]).map((seed, at) =>
        seed instanceof Organisation ? seed : makeOrganisation(seed, `${this.#seed}/${at}`, now),
      )
    for (const [tenantId, left] of Object.entries(options.callsLeftToday ?? {}))
      this.#meters.leave(tenantId, left, now)
    if (saved) this.#meters.restore(saved.meters)
    if (saved) this.#idempotency.restore(saved.idempotency)
    if (saved?.consents) this.#consents.restore(saved.consents)
    this.#login = this.#makeLogin(browserApp)
    this.#pipeline = this.#makePipeline(app, browserApp)
    this.#ownPages = new OwnPages(
      this.#faults,
      () => this.counts,
      this.#login,
      () => ({
        organisation: this.#organisation(undefined),
        person: this.person(),
        now: options.clock.now(),
      }),
    )
    this.#server = createServer((request, response) => void this.#serve(request, response))
    this.#save()
  }

  get url(): string {
    // The server listens on a TCP port of ours, so its address is no pipe name.
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`
  }

  get personUrl(): string {
    return this.url + personBase
  }

  get counts(): RequestCounts {
    return { total: this.#total, byRoute: { ...this.#byRoute } }
  }

  async listen(port: number): Promise<void> {
    await new Promise<void>((resolve, reject) => {
      this.#server.once('error', reject)
      this.#server.listen(port, '127.0.0.1', resolve)
    })
  }

  fault(fault: Fault): void {
    this.#faults.add(fault)
  }

  consent(authorizeUrl: string, decision: ScriptedDecision = {}): string {
    return this.#login.consent(authorizeUrl, decision)
  }

  clearFaults(): void {
    this.#faults.clear()
  }

  person(tenantId?: string): Person {
    const { clock } = this.#options
    return new Person(this.#organisation(tenantId), {
      switches: this.switches,
      now: () => clock.now(),
      newGuid: () => this.#guids.next(),
      disconnectApps: (id) => this.#consents.disconnectTenant(id),
      save: () => this.#save(),
    })
  }

  invoices(tenantId?: string): readonly Invoice[] {
    return this.#organisation(tenantId).invoices.all()
  }

  contacts(tenantId?: string): readonly Contact[] {
    return this.#organisation(tenantId).contacts.all()
  }

  creditNotes(tenantId?: string): readonly CreditNote[] {
    return this.#organisation(tenantId).creditNotes.all()
  }

  prepayments(tenantId?: string): readonly Prepayment[] {
    return this.#organisation(tenantId).prepayments.all()
  }

  overpayments(tenantId?: string): readonly Overpayment[] {
    return this.#organisation(tenantId).overpayments.all()
  }

  payments(tenantId?: string): readonly Payment[] {
    return this.#organisation(tenantId).payments.all()
  }

  bankTransactions(tenantId?: string): readonly BankTransaction[] {
    return this.#organisation(tenantId).bankTransactions.all()
  }

  items(tenantId?: string): readonly Item[] {
    return this.#organisation(tenantId).items.all()
  }

  purchaseOrders(tenantId?: string): readonly PurchaseOrder[] {
    return this.#organisation(tenantId).purchaseOrders.all()
  }

  manualJournals(tenantId?: string): readonly ManualJournal[] {
    return this.#organisation(tenantId).manualJournals.all()
  }

  attachments(tenantId?: string): readonly Attachment[] {
    return this.#organisation(tenantId).attachments.all()
  }

  notes(tenantId?: string): readonly Note[] {
    return this.#organisation(tenantId).notes.all()
  }

  trialBalance(tenantId?: string): readonly BalanceRow[] {
    return trialBalance(this.#organisation(tenantId))
  }

  async settleHeld(): Promise<void> {
    while (this.#held.size > 0) await Promise.allSettled([...this.#held])
  }

  async close(): Promise<void> {
    this.#closing.abort()
    const closed = new Promise<void>((resolve) => this.#server.close(() => resolve()))
    this.#server.closeAllConnections()
    await closed
    if (this.#bugs.length > 0) throw this.#bugs[0]
  }

  #makeLogin(app: BrowserApp): LoginSite {
    const { organisations, switches } = this
    const now = () => this.#options.clock.now()
    const save = () => this.#save()
    return new LoginSite({ app, organisations, switches, consents: this.#consents, now, save })
  }

  #makePipeline(custom: App, browser: BrowserApp): Pipeline {
    const newGuid = () => this.#guids.next()
    const { organisations, switches } = this
    const consents = this.#consents
    const tokens = new AccessTokens(`${custom.clientId}/${custom.clientSecret}`, newGuid)
    const endpoint = new TokenEndpoint({ custom, browser }, switches, tokens, consents)
    const context: ApiContext = {
      organisations,
      identity: new Identity({ switches, tokens, endpoint, consents, organisations, newGuid }),
      switches,
      providerName: custom.name,
      newGuid,
    }
    return {
      context,
      clock: this.#options.clock,
      faults: this.#faults,
      meters: this.#meters,
      idempotency: this.#idempotency,
      held: this.#held,
      closing: this.#closing.signal,
      save: () => this.#save(),
    }
  }

  #bookJournals(): void {
    const now = this.#options.clock.now()
    for (const organisation of this.organisations) bookJournals(organisation, now, () => this.#guids.next())
  }

  #organisation(tenantId: string | undefined): Organisation {
    const organisation =
      tenantId === undefined
        ? this.organisations[0]
        : this.organisations.find((one) => one.tenantId === tenantId)
    if (!organisation) throw new Error(`the sandbox has no organisation ${tenantId ?? ''}`)
    return organisation
  }

  #save(): void {
    if (this.switches.journalsPlan === 'allowed') this.#bookJournals()
    const { stateFile } = this.#options
    if (stateFile === undefined) return
    const made = this.organisations.reduce(
      (sum, { changes }) => sum + changes.made,
      this.#idempotency.answered + this.#consents.made,
    )
    if (made === this.#savedAt) return
    this.#savedAt = made
    writeState(stateFile, {
      version: 1,
      seed: this.#seed,
      guidsDrawn: this.#guids.drawn,
      organisations: this.organisations.map(savedOrganisation),
      meters: this.#meters.saved(),
      idempotency: this.#idempotency.saved(),
      consents: this.#consents.saved(),
    })
  }

  async #serve(incoming: IncomingMessage, response: ServerResponse): Promise<void> {
    // The Date header tells the sandbox's time, not the machine's.
    response.sendDate = false
    response.on('error', () => {})
    try {
      const request = await readRequest(incoming)
      const at = this.#options.clock.now()
      const own = this.#ownPages.answer(request)
      if (own) {
        send(response, own, this.#options.clock.now())
        return
      }
      this.#count(request)
      const { fate, fault } = await take(this.#pipeline, request)
      const sent = deliver(response, fate, this.#options.clock.now())
      this.#options.onExchange?.(exchangeOf(request, { at, sent, fault }))
    } catch (error) {
      if (this.#closing.signal.aborted || isClientGone(incoming, error)) return
      this.#bugs.push(error)
      response.writeHead(500, { 'Content-Type': 'text/plain' }).end(`The sandbox failed: ${String(error)}`)
    }
  }

  #count(request: ApiRequest): void {
    this.#total += 1
    const isApi = request.path.startsWith(`${apiBase}/`)
    const found = isApi ? findRoute(request.method, request.path.slice(apiBase.length)) : null
    const name = `${request.method} ${found?.kind === 'route' ? found.route.path : request.path}`
    this.#byRoute[name] = (this.#byRoute[name] ?? 0) + 1
  }
}

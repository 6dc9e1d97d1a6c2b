// Where a person, or a script in a person's place, decides what an app may do: the log-in page and `/_person/consent`. Reads
// what was sent and answers; the decision itself is login.ts's.

import type { ApiRequest } from './api.ts'
import type { BrowserApp } from './apps.ts'
import type { Consents } from './consents.ts'
import { isObject, type Json, type JsonObject, textOf } from './json.ts'
import { authorizePath, type Decision, decide, LoginProblem, readLogin } from './login.ts'
import { loginPage, loginProblemPage } from './login-page.ts'
import type { Organisation } from './organisation.ts'
import { personBase } from './person-html.ts'
import { jsonReply, notFound, type Reply } from './reply.ts'
import { foreignProblem } from './same-origin.ts'
import type { Switches } from './switches.ts'

export const consentPath = `${personBase}consent`

export interface LoginDesk {
  readonly app: BrowserApp
  readonly switches: Switches
  readonly consents: Consents
  readonly organisations: readonly Organisation[]
  readonly now: () => number
  /** After each change. */
  readonly save: () => void
}

/** Who decides in a script: organisations by tenant id or name, the first of them if left out. */
export type ScriptedDecision = { readonly decline: true } | { readonly organisations?: readonly string[] }

export class LoginSite {
  readonly #desk: LoginDesk

  constructor(desk: LoginDesk) {
    this.#desk = desk
  }

  /** Null where the request is for another. */
  answer(request: ApiRequest): Reply | null {
    if (request.path !== authorizePath && request.path !== consentPath) return null
    const foreign = foreignProblem(request)
    if (foreign !== null) return jsonReply(403, { ok: false, message: foreign })
    switch (`${request.method} ${request.path}`) {
      case `GET ${authorizePath}`:
        return this.#page(request.rawQuery, null)
      case `POST ${authorizePath}`:
        return this.#form(new URLSearchParams(request.body))
      case `POST ${consentPath}`:
        return this.#script(request.body)
      default:
        return { ...notFound, status: 405 }
    }
  }

  /** The address that the browser is led to; throws with what the page would say. */
  consent(authorizeUrl: string, decision: ScriptedDecision): string {
    const { app, switches, organisations } = this.#desk
    const login = readLogin(app, new URL(authorizeUrl).search.slice(1), switches)
    if (login instanceof LoginProblem) throw new Error(`${login.error}: ${login.says}`)
    const names = 'decline' in decision ? [] : decision.organisations
    const tenantIds = (names ?? organisations.slice(0, 1).map(({ tenantId }) => tenantId)).map(
      (name) =>
        organisations.find((one) => one.tenantId === name || one.profile.name === name)?.tenantId ?? name,
    )
    const outcome = this.#decide(login, 'decline' in decision ? decision : { tenantIds })
    if ('mistake' in outcome) throw new Error(outcome.mistake)
    return outcome.redirect
  }

  #decide(login: Parameters<typeof decide>[0], decision: Decision): ReturnType<typeof decide> {
    const { organisations, consents } = this.#desk
    const outcome = decide(login, decision, { organisations, consents, now: this.#desk.now() })
    this.#desk.save()
    return outcome
  }

  #page(rawQuery: string, mistake: string | null): Reply {
    const { app, switches, organisations } = this.#desk
    const login = readLogin(app, rawQuery, switches)
    return login instanceof LoginProblem
      ? loginProblemPage(login)
      : loginPage(login, { rawQuery, organisations, mistake })
  }

  #form(fields: URLSearchParams): Reply {
    const rawQuery = fields.get('query') ?? ''
    const login = readLogin(this.#desk.app, rawQuery, this.#desk.switches)
    if (login instanceof LoginProblem) return loginProblemPage(login)
    const isAllowed = fields.get('decision') === 'allow'
    const outcome = this.#decide(
      login,
      isAllowed ? { tenantIds: fields.getAll('organisation') } : { decline: true },
    )
    return 'mistake' in outcome
      ? this.#page(rawQuery, outcome.mistake)
      : { status: 302, headers: { Location: outcome.redirect, 'Cache-Control': 'no-store' }, body: '' }
  }

  #script(body: string): Reply {
    try {
      const sent = readObject(body)
      const redirect = this.consent(textOf(sent, 'authorize') ?? '', decisionOf(sent))
      return jsonReply(200, { ok: true, redirect })
    } catch (error) {
      const message = error instanceof Error ? error.message : String(error)
      return jsonReply(422, { ok: false, message })
    }
  }
}

function readObject(body: string): JsonObject {
  // JSON.parse is typed any; what it gives is Json by definition.
  const value = JSON.parse(body) as Json
  if (isObject(value)) return value
  throw new Error('A body such as {"authorize":"<the whole address>"} is expected.')
}

function decisionOf(sent: JsonObject): ScriptedDecision {
  const { decline, organisations } = sent
  if (decline === true) return { decline: true }
  if (!Array.isArray(organisations)) return {}
  return { organisations: organisations.map(String) }
}

// What the sandbox answers beside what an app asks of Xero: `/_control/` for faults and counts, `/_person/` for a person at work
// in Xero, and the log-in page, which only browsers see. None counts against limits, and none is shown to those who watch the
// exchanges.

import type { ApiRequest } from './api.ts'
import { control, controlBase, type RequestCounts } from './control.ts'
import type { Faults } from './fault.ts'
import type { LoginSite } from './login-site.ts'
import { personBase } from './person-html.ts'
import { PersonSite, type Workplace } from './person-site.ts'
import { jsonReply, type Reply } from './reply.ts'
import { foreignProblem } from './same-origin.ts'

export class OwnPages {
  readonly #faults: Faults
  readonly #counts: () => RequestCounts
  readonly #login: LoginSite
  readonly #person: PersonSite

  constructor(faults: Faults, counts: () => RequestCounts, login: LoginSite, workplace: () => Workplace) {
    this.#faults = faults
    this.#counts = counts
    this.#login = login
    this.#person = new PersonSite(workplace)
  }

  /** Null where the request is for Xero. */
  answer(request: ApiRequest): Reply | null {
    const { method, path, body } = request
    if (path.startsWith(controlBase)) {
      const foreign = foreignProblem(request)
      if (foreign !== null) return jsonReply(403, { message: foreign })
      return control(method, path, body, this.#faults, this.#counts())
    }
    if (`${path}/` === personBase) return { status: 308, headers: { Location: personBase }, body: '' }
    const decided = this.#login.answer(request)
    if (decided) return decided
    return path.startsWith(personBase) ? this.#person.answer(request) : null
  }
}

// What the sandbox answers beside Xero: `/_control/` for faults and counts, `/_person/` for a person at work in Xero. Neither
// counts against limits, and neither is shown to those who watch the exchanges.

import type { ApiRequest } from './api.ts'
import { control, controlBase, type RequestCounts } from './control.ts'
import type { Faults } from './fault.ts'
import { personBase } from './person-html.ts'
import { PersonSite, type Workplace } from './person-site.ts'
import { jsonReply, type Reply } from './reply.ts'
import { foreignProblem } from './same-origin.ts'

export class OwnPages {
  readonly #faults: Faults
  readonly #counts: () => RequestCounts
  readonly #person: PersonSite

  constructor(faults: Faults, counts: () => RequestCounts, workplace: () => Workplace) {
    this.#faults = faults
    this.#counts = counts
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
    return path.startsWith(personBase) ? this.#person.answer(request) : null
  }
}

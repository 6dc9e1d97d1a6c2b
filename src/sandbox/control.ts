// What a person at a terminal may do to a running sandbox: `/_control/faults` and `/_control/requests`. Not Xero's.

import type { Fault, Faults } from './fault.ts'
import { parseFault, UnreadableSpec } from './fault-spec.ts'
import { isObject, type Json, textOf } from './json.ts'
import { jsonReply, notFound, type Reply } from './reply.ts'

export const controlBase = '/_control/'

export interface RequestCounts {
  /** Every request that reached the sandbox. */
  readonly total: number
  /** By method and route, such as `PUT /Invoices`; ids are left out. */
  readonly byRoute: Readonly<Record<string, number>>
}

/** POST takes `{"fault":"PUT /Invoices:2 drop-after-commit"}`; GET lists, DELETE clears. */
export function control(
  method: string,
  path: string,
  body: string,
  faults: Faults,
  counts: RequestCounts,
): Reply {
  const at = `${method} ${path.slice(controlBase.length)}`
  switch (at) {
    case 'GET requests':
      return jsonReply(200, { total: counts.total, byRoute: counts.byRoute })
    case 'GET faults':
      return listed(faults)
    case 'DELETE faults':
      faults.clear()
      return listed(faults)
    case 'POST faults':
      return added(body, faults)
    default:
      return notFound
  }
}

function listed(faults: Faults): Reply {
  return jsonReply(200, { faults: faults.waiting().map((fault: Fault) => ({ ...fault })) })
}

function added(body: string, faults: Faults): Reply {
  try {
    // Whatever it is, it is looked at before it is used.
    const sent = JSON.parse(body) as Json
    const spec = isObject(sent) ? textOf(sent, 'fault') : undefined
    if (spec === undefined)
      throw new UnreadableSpec('A body such as {"fault":"PUT /Invoices:2 drop-after-commit"} is expected.')
    faults.add(parseFault(spec))
    return listed(faults)
  } catch (error) {
    return jsonReply(400, { message: error instanceof Error ? error.message : String(error) })
  }
}

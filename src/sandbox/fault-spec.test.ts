// The text form of faults and switches, and what is said of texts that have none.

import { describe, expect, test } from 'vitest'
import type { Fault } from './fault.ts'
import { parseFault, parseSwitch, UnreadableSpec } from './fault-spec.ts'
import type { Switches } from './switches.ts'

describe('faults', () => {
  const specs: readonly [spec: string, fault: Fault][] = [
    [
      'PUT /Invoices:2 drop-after-commit',
      { method: 'PUT', path: '/Invoices', nth: 2, kind: 'drop-after-commit' },
    ],
    [
      'PUT /Invoices error-after-commit=503',
      { method: 'PUT', path: '/Invoices', kind: 'error-after-commit', status: 503 },
    ],
    ['PUT /Invoices error-before-commit', { method: 'PUT', path: '/Invoices', kind: 'error-before-commit' }],
    [
      'PUT /Invoices:2 partial-commit=37',
      { method: 'PUT', path: '/Invoices', nth: 2, kind: 'partial-commit', stored: 37 },
    ],
    ['* rate-limit=minute,26', { kind: 'rate-limit', limit: 'minute', retryAfterS: 26 }],
    ['* rate-limit=day', { kind: 'rate-limit', limit: 'day' }],
    ['* rate-limit=concurrent', { kind: 'rate-limit', limit: 'concurrent' }],
    ['* /Contacts:1x3 slow=250', { path: '/Contacts', nth: 1, times: 3, kind: 'slow', ms: 250 }],
    ['GET :3 black-hole', { method: 'GET', nth: 3, kind: 'black-hole' }],
    [
      'PUT ^/(Invoices|Contacts)$ late-commit=5000',
      { method: 'PUT', path: '^/(Invoices|Contacts)$', kind: 'late-commit', afterMs: 5000 },
    ],
    [
      'POST /connect/token drop-before-commit',
      { method: 'POST', path: '/connect/token', kind: 'drop-before-commit' },
    ],
    ['PUT garbage=not-stored', { method: 'PUT', kind: 'garbage', isStored: false }],
    ['PUT truncated', { method: 'PUT', kind: 'truncated' }],
    ['* proxy-html=200', { kind: 'proxy-html', status: 200 }],
    ['unauthorized', { kind: 'unauthorized' }],
    ['* forbidden', { kind: 'forbidden' }],
    ['PUT shuffled-order', { method: 'PUT', kind: 'shuffled-order' }],
    ['PUT missing-element', { method: 'PUT', kind: 'missing-element' }],
  ]
  test.each(specs)('%s', (spec, fault) => {
    expect(parseFault(spec)).toEqual(fault)
  })

  const refusals: readonly [spec: string, reason: string][] = [
    ['', 'it is empty'],
    ['PUT /Invoices explode', "'explode' is no kind of fault"],
    ['PUT /Invoices partial-commit', "does not fit 'partial-commit=STORED'"],
    ['PUT /Invoices partial-commit=many', "does not fit 'partial-commit=STORED'"],
    ['PUT /Invoices error-after-commit=404', 'does not fit'],
    ['PUT /Invoices drop-after-commit=1', 'does not fit'],
    ['* rate-limit=hour', 'does not fit'],
    ['* rate-limit=concurrent,5', 'does not fit'],
    ['PATCH /Invoices slow=1', "'PATCH' is no method"],
    ['PUT /Invoices now slow=1', "'now' is one word too many"],
    ['PUT Invoices slow=1', "'Invoices' is neither"],
  ]
  test.each(refusals)('%s is refused and the forms are listed', (spec, reason) => {
    expect(() => parseFault(spec)).toThrow(UnreadableSpec)
    expect(() => parseFault(spec)).toThrow(reason)
    expect(() => parseFault(spec)).toThrow('rate-limit=minute|day[,SECONDS]')
  })
})

describe('switches', () => {
  const specs: readonly [spec: string, switches: Partial<Switches>][] = [
    ['halfRounding=even', { halfRounding: 'even' }],
    ['zeroTotalPaid=false', { zeroTotalPaid: false }],
    ['sameKeyInFlight=executes-twice', { sameKeyInFlight: 'executes-twice' }],
    ['approvalCap=20,5', { approvalCap: { ACCREC: 20, ACCPAY: 5 } }],
    ['approvalCap=none', { approvalCap: null }],
  ]
  test.each(specs)('%s', (spec, switches) => {
    expect(parseSwitch(spec)).toEqual(switches)
  })

  const refusals: readonly [spec: string, reason: string][] = [
    ['gravity=off', 'The switches are'],
    ['halfRounding=up', 'away or even'],
    ['zeroTotalPaid=perhaps', 'true or false'],
    ['approvalCap=20', 'two numbers'],
    ['halfRounding', 'away or even'],
  ]
  test.each(refusals)('%s is refused', (spec, reason) => {
    expect(() => parseSwitch(spec)).toThrow(reason)
  })
})

// The text form of faults and switches on the command line, such as `PUT /Invoices:2 drop-after-commit`.

import type { Fault, FaultEffect, FaultKind, FaultMatch } from './fault.ts'
import { defaultSwitches, type Switches } from './switches.ts'

interface Form {
  readonly usage: string
  readonly read: (argument: string | undefined) => FaultEffect | null
}

function wholeNumber(text: string | undefined): number | null {
  return text !== undefined && /^\d+$/.test(text) ? Number(text) : null
}

const withNumber =
  (make: (value: number) => FaultEffect) =>
  (argument: string | undefined): FaultEffect | null => {
    const value = wholeNumber(argument)
    return value === null ? null : make(value)
  }

const withoutArgument =
  (effect: FaultEffect) =>
  (argument: string | undefined): FaultEffect | null =>
    argument === undefined ? effect : null

const withStatus =
  (kind: 'error-before-commit' | 'error-after-commit') =>
  (argument: string | undefined): FaultEffect | null => {
    if (argument === undefined) return { kind }
    const status = wholeNumber(argument)
    return status !== null && status >= 500 && status < 600 ? { kind, status } : null
  }

const withStored =
  (kind: 'garbage' | 'truncated') =>
  (argument: string | undefined): FaultEffect | null => {
    if (argument === undefined) return { kind }
    if (argument !== 'stored' && argument !== 'not-stored') return null
    return { kind, isStored: argument === 'stored' }
  }

function readProxy(argument: string | undefined): FaultEffect | null {
  if (argument === undefined) return { kind: 'proxy-html' }
  return argument === '200' || argument === '502'
    ? { kind: 'proxy-html', status: argument === '200' ? 200 : 502 }
    : null
}

function readEcho(argument: string | undefined): FaultEffect | null {
  if (argument === undefined) return { kind: 'proxy-echo' }
  return argument === 'html' || argument === 'json' ? { kind: 'proxy-echo', form: argument } : null
}

function readRateLimit(argument: string | undefined): FaultEffect | null {
  const [limit, seconds, ...rest] = (argument ?? '').split(',')
  if (rest.length > 0 || (limit !== 'minute' && limit !== 'day' && limit !== 'concurrent')) return null
  if (seconds === undefined) return { kind: 'rate-limit', limit }
  const retryAfterS = wholeNumber(seconds)
  return retryAfterS === null || limit === 'concurrent' ? null : { kind: 'rate-limit', limit, retryAfterS }
}

const forms: Record<FaultKind, Form> = {
  'error-before-commit': { usage: 'error-before-commit[=STATUS]', read: withStatus('error-before-commit') },
  'error-after-commit': { usage: 'error-after-commit[=STATUS]', read: withStatus('error-after-commit') },
  'drop-before-commit': {
    usage: 'drop-before-commit',
    read: withoutArgument({ kind: 'drop-before-commit' }),
  },
  'drop-after-commit': { usage: 'drop-after-commit', read: withoutArgument({ kind: 'drop-after-commit' }) },
  'partial-commit': {
    usage: 'partial-commit=STORED',
    read: withNumber((stored) => ({ kind: 'partial-commit', stored })),
  },
  'late-commit': {
    usage: 'late-commit=MS',
    read: withNumber((afterMs) => ({ kind: 'late-commit', afterMs })),
  },
  slow: { usage: 'slow=MS', read: withNumber((ms) => ({ kind: 'slow', ms })) },
  'black-hole': { usage: 'black-hole', read: withoutArgument({ kind: 'black-hole' }) },
  'rate-limit': { usage: 'rate-limit=minute|day[,SECONDS] or rate-limit=concurrent', read: readRateLimit },
  garbage: { usage: 'garbage[=stored|not-stored]', read: withStored('garbage') },
  truncated: { usage: 'truncated[=stored|not-stored]', read: withStored('truncated') },
  'proxy-html': { usage: 'proxy-html[=200|502]', read: readProxy },
  'proxy-echo': { usage: 'proxy-echo[=html|json]', read: readEcho },
  unauthorized: { usage: 'unauthorized', read: withoutArgument({ kind: 'unauthorized' }) },
  'token-expires': { usage: 'token-expires', read: withoutArgument({ kind: 'token-expires' }) },
  'invalid-grant': { usage: 'invalid-grant', read: withoutArgument({ kind: 'invalid-grant' }) },
  forbidden: { usage: 'forbidden', read: withoutArgument({ kind: 'forbidden' }) },
  'shuffled-order': { usage: 'shuffled-order', read: withoutArgument({ kind: 'shuffled-order' }) },
  'refuse-whole': {
    usage: 'refuse-whole=TEXT',
    read: (argument) => (argument ? { kind: 'refuse-whole', containing: argument } : null),
  },
  'missing-element': { usage: 'missing-element', read: withoutArgument({ kind: 'missing-element' }) },
}

/** Thrown with a sentence that lists what would have been understood. */
export class UnreadableSpec extends Error {}

const matchUsage = 'METHOD|* [PATH][:NTH[xTIMES]] KIND[=VALUE]'

function unreadable(spec: string, reason: string): UnreadableSpec {
  const known = Object.values(forms).map((form) => `  ${form.usage}`)
  return new UnreadableSpec(
    [
      `'${spec}' is not a fault: ${reason}.`,
      `The form is ${matchUsage}, where KIND is one of`,
      ...known,
    ].join('\n'),
  )
}

/** `PUT /Invoices:2 drop-after-commit`, `* rate-limit=minute,26`, `PUT /Invoices:1x3 error-before-commit=503`. */
export function parseFault(spec: string): Fault {
  const words = spec.trim().split(/\s+/)
  const last = words.pop() ?? ''
  const [kind = '', ...values] = last.split('=')
  const form = isFaultKind(kind) ? forms[kind] : undefined
  if (!form) throw unreadable(spec, kind === '' ? 'it is empty' : `'${kind}' is no kind of fault`)
  const effect = form.read(values.length === 0 ? undefined : values.join('='))
  if (!effect) throw unreadable(spec, `'${last}' does not fit '${form.usage}'`)
  return { ...readMatch(spec, words), ...effect }
}

function isFaultKind(text: string): text is FaultKind {
  return Object.hasOwn(forms, text)
}

const methods = ['*', 'GET', 'PUT', 'POST', 'DELETE']

function readMatch(spec: string, words: readonly string[]): FaultMatch {
  const [method, target, ...rest] = words
  if (method === undefined) return {}
  if (!methods.includes(method)) throw unreadable(spec, `'${method}' is no method`)
  if (rest.length > 0) throw unreadable(spec, `'${rest.join(' ')}' is one word too many`)
  const match: FaultMatch = method === '*' ? {} : { method }
  if (target === undefined) return match
  const parts = /^([/^][^:]*)?(?::(\d+)(?:x(\d+))?)?$/.exec(target)
  if (!parts) throw unreadable(spec, `'${target}' is neither a path nor a path with :NTH`)
  const [, path, nth, times] = parts
  if (path !== undefined) match.path = path
  if (nth !== undefined) match.nth = Number(nth)
  if (times !== undefined) match.times = Number(times)
  return match
}

const wordSwitches: { [K in keyof Switches]?: readonly Switches[K][] } = {
  refusalLists: ['bad', 'all'],
  refusalEcho: ['published', 'full'],
  unknownProperties: ['refused', 'ignored'],
  sameKeyInFlight: ['waits', 'conflict', 'executes-twice'],
  halfRounding: ['away', 'even'],
  negativeTotal: ['refused', 'accepted'],
  wrongTotals: ['refused', 'ignored'],
  billPostByNumber: ['creates', 'edits'],
  billReference: ['ignored', 'kept'],
  unknownContactName: ['created', 'refused'],
  archiveWithDocuments: ['allowed', 'refused'],
  contactNameSpaces: ['refused', 'trimmed'],
  unlistedPeople: ['dropped', 'kept'],
  phoneParts: ['kept', 'split'],
  postcodes: ['kept', 'capitals'],
  unknownTracking: ['warning', 'refused'],
  inventoryAccountOnLines: ['refused', 'allowed'],
  accountClasses: ['any', 'strict'],
  draftsInLockedPeriod: ['refused', 'allowed'],
  lockedEdit: ['error', 'text-only'],
  paidBillEdit: ['refused', 'silent'],
  rateOnEdit: ['kept', 'reset'],
  itemDefaults: ['filled', 'left-out'],
  billedOrderEdit: ['refused', 'allowed'],
  unknownJournalAccount: ['refused', 'removed'],
  unpagedJournalLines: ['left-out', 'shown'],
  journalsPlan: ['no-scope', 'unauthorised', 'forbidden', 'allowed'],
  attachmentLimit: ['25MB', '10MB'],
  sameFileName: ['adds', 'replaces'],
  paymentNotes: ['refused', 'accepted'],
  supplierCreditNumber: ['kept', 'dropped'],
  allocationAnswerId: ['without', 'with'],
  allocationDates: ['moved', 'kept-on-removal', 'kept'],
  paymentVerdicts: ['each', 'whole'],
  paymentDeletionDates: ['moved', 'kept'],
  summaryAmounts: ['kept', 'left-out'],
  longPaymentReference: ['kept', 'cut'],
  paymentBeforeDocument: ['accepted', 'refused'],
  reconciledPaymentDelete: ['refused', 'allowed'],
  bankLineAmountTypes: ['Inclusive', 'Exclusive'],
  creditTransactionReference: ['kept', 'ignored'],
  creditTransactionDelete: ['refused', 'allowed'],
  tokenWithoutScope: ['all', 'refused'],
  graceRefresh: ['same-pair', 'new-pair'],
  tokenReach: ['every-consent', 'own-consent'],
  missingScope: ['401', '403'],
  scopeSpelling: ['insufficient_scope', 'insufficent_scope'],
}

/** `halfRounding=even`, `zeroTotalPaid=false`, `approvalCap=20,5`. */
export function parseSwitch(spec: string): Partial<Switches> {
  const [name = '', value = ''] = spec.split('=', 2)
  if (!isSwitch(name)) {
    throw new UnreadableSpec(
      `'${name}' is no switch. The switches are ${Object.keys(defaultSwitches).join(', ')}.`,
    )
  }
  const parsed = name === 'approvalCap' ? readCap(value) : readSwitchValue(name, value)
  if (parsed === undefined)
    throw new UnreadableSpec(`'${value}' is no value of ${name}: ${switchUsage(name)}.`)
  return { [name]: parsed }
}

function isSwitch(name: string): name is keyof Switches {
  return Object.hasOwn(defaultSwitches, name)
}

function readSwitchValue(name: keyof Switches, value: string): boolean | string | undefined {
  if (typeof defaultSwitches[name] === 'boolean') return { true: true, false: false }[value]
  return wordSwitches[name]?.some((word) => word === value) ? value : undefined
}

function readCap(value: string): Switches['approvalCap'] | undefined {
  if (value === 'none') return null
  const match = /^(\d+),(\d+)$/.exec(value)
  return match ? { ACCREC: Number(match[1]), ACCPAY: Number(match[2]) } : undefined
}

function switchUsage(name: keyof Switches): string {
  if (name === 'approvalCap') return 'none, or two numbers such as 20,5'
  return wordSwitches[name]?.join(' or ') ?? 'true or false'
}

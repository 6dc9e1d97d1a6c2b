// Every per-entity setting: its default, what it does in a sentence, and what values it takes. A setting that is not in
// this table does not exist. Where values are kept is ledger/; this file only knows what they mean.

import { type PlainDate, parseDate } from './calendar.ts'
import { type Cents, parseCents } from './money.ts'
import { didYouMean } from './nearest.ts'

interface SettingDefinition<Value> {
  /** As a person writes it. */
  default: string
  explanation: string
  /** What may be written, for the error message. */
  values: string
  /** Null where the text is no value of this setting. */
  parse(text: string): Value | null
}

function define<Value>(definition: SettingDefinition<Value>): SettingDefinition<Value> {
  return definition
}

function choice<Option extends string>(options: readonly Option[], explanation: string) {
  const [first] = options
  return define<Option>({
    default: first ?? '',
    explanation,
    values: options.join(' | '),
    parse: (text) => options.find((option) => option === text) ?? null,
  })
}

function wholeNumber(fallback: number, min: number, max: number, explanation: string) {
  return define<number>({
    default: String(fallback),
    explanation,
    values: `a whole number from ${min.toLocaleString('en')} to ${max.toLocaleString('en')}`,
    parse: (text) => {
      const value = /^\d{1,9}$/.test(text) ? Number(text) : Number.NaN
      return value >= min && value <= max ? value : null
    },
  })
}

/** "60s", "5m" or plain seconds; the value is milliseconds. */
function duration(fallback: string, minSeconds: number, maxSeconds: number, explanation: string) {
  return define<number>({
    default: fallback,
    explanation,
    values: `a time such as 60s or 5m, from ${minSeconds}s to ${maxSeconds}s`,
    parse: (text) => {
      const match = /^(\d{1,6})(s|m)?$/.exec(text)
      const seconds = match ? Number(match[1]) * (match[2] === 'm' ? 60 : 1) : Number.NaN
      return seconds >= minSeconds && seconds <= maxSeconds ? seconds * 1000 : null
    },
  })
}

function text(
  fallback: string,
  values: string,
  explanation: string,
  accepts: (value: string) => boolean = () => true,
) {
  return define<string>({
    default: fallback,
    explanation,
    values,
    parse: (value) => (accepts(value) ? value : null),
  })
}

/** The tokens of reference and description templates (I2). */
export const referenceTokens = [
  'vehicle_registration',
  'po_number',
  'job',
  'employee',
  'week_ending',
  'recruiters',
  'number',
] as const
export const descriptionTokens = [
  'description',
  'item',
  'quantity',
  'unit_price',
  ...referenceTokens,
] as const

function template(fallback: string, tokens: readonly string[], explanation: string) {
  return text(
    fallback,
    `text with any of ${tokens.map((token) => `{${token}}`).join(' ')}`,
    explanation,
    (value) =>
      value.length <= 500 &&
      [...value.matchAll(/\{([^}]*)\}/g)].every(([, token]) => tokens.includes(token ?? '')),
  )
}

const trackingValues = 'Category: Option, as they are named in Xero, or empty'

function trackingDefault(explanation: string) {
  return define<{ category: string; option: string } | 'none'>({
    default: '',
    explanation,
    values: trackingValues,
    parse: (value) => {
      if (value === '') return 'none'
      const [category = '', option = ''] = value.split(/:(.*)/s).map((half) => half.trim())
      return category && option ? { category, option } : null
    },
  })
}

/** Kinds that can be summed up by day (J5). */
export const summarisedKinds = ['invoice', 'credit_note', 'payment', 'deposit'] as const
export type SummarisedKind = (typeof summarisedKinds)[number]

export const settingsTable = {
  document_status: choice(['authorised', 'draft'], 'Whether documents arrive in Xero approved or as drafts.'),
  cutover_date: define<PlainDate | 'none'>({
    default: '',
    explanation: 'Documents dated before this day are never exported; the day itself is.',
    values: 'a date such as 2026-04-01, or empty for none',
    parse: (value) => (value === '' ? 'none' : parseDate(value)),
  }),
  number_prefix: text(
    '',
    'up to 20 letters, digits or - _ / .',
    'Put before document numbers that lack it, where entities share an organisation. Frozen after the first export.',
    (value) => /^[A-Za-z0-9\-_/.]{0,20}$/.test(value),
  ),
  reference_template: template(
    '{vehicle_registration}',
    referenceTokens,
    'The reference of an invoice in Xero where the document has none of its own; the first value where there are several.',
  ),
  line_description_template: template(
    '{description}',
    descriptionTokens,
    'The description of each line in Xero.',
  ),
  summarise_sales_lines: choice(
    ['off', 'on'],
    'One line per account, tax type and tracking instead of one per ledger line. Totals do not change.',
  ),
  summarise_purchase_lines: choice(
    ['off', 'on'],
    'The same for bills, supplier credits and purchase orders.',
  ),
  purchase_orders: choice(
    ['off', 'bills', 'purchase_orders'],
    'What becomes of finalised purchase orders: nothing, bills in Xero, or purchase orders in Xero. An order that a bill of the ledger names is never posted as a bill too.',
  ),
  payments: choice(
    ['both', 'to_xero', 'from_xero', 'none'],
    'Whether payments of the ledger are sent to Xero, and whether payments made in Xero are brought back.',
  ),
  deposits: choice(
    ['held', 'prepayment'],
    'What becomes of a deposit taken before its invoice: it waits for the invoice, or goes to Xero as a prepayment at once.',
  ),
  prepayment_tax_code: text(
    '',
    'a tax code of the ledger, or empty for no tax',
    'The tax code of the line of prepayments.',
    (value) => value.length <= 50,
  ),
  receipts: choice(
    ['direct', 'clearing'],
    'Whether a payment goes straight to its account, or first as a journal from bank_clearing to unapplied_payments or unapplied_deposits, and from there to its invoice.',
  ),
  remainders: choice(
    ['hold', 'overpayment'],
    'What becomes of the part of a receipt that is applied to nothing: it is only reported, or goes to Xero as an overpayment.',
  ),
  delete_payments: choice(
    ['from_xero', 'both'],
    'Where an exported payment may be deleted: only in Xero, or also in the ledger, which then deletes it in Xero.',
  ),
  ar_style: choice(
    ['invoices', 'journals'],
    'Whether sales are sent as invoices, or as journals against the debtors role account; contacts are then not sent.',
  ),
  daily_summaries: define<readonly SummarisedKind[]>({
    default: '',
    explanation:
      'Kinds of which only one journal a day is sent, on the following day. Only with ar_style=journals.',
    values: `a list of ${summarisedKinds.join(', ')}, separated by commas, or empty for none`,
    parse: (value) => {
      const words = value.split(',').flatMap((word) => word.trim() || [])
      const kinds = summarisedKinds.filter((kind) => words.includes(kind))
      return kinds.length === new Set(words).size ? kinds : null
    },
  }),
  inventory_journals: choice(
    ['off', 'on'],
    'Whether the cost of parts sold and stock adjustments are posted as journals. Documents that were exported before stay without.',
  ),
  payroll_summary: choice(
    ['none', 'pay', 'payrun'],
    'How far the journal of a pay run is summed up: not at all, for each employee, or for the whole run.',
  ),
  payroll_liability_tracking: choice(
    ['off', 'on'],
    'Whether liabilities of pay runs carry tracking too, not only expenses.',
  ),
  only_invoices_and_payments: choice(
    ['off', 'on'],
    'Whether journals stay in the ledger: only documents and payments are sent.',
  ),
  items: choice(
    ['all', 'needed', 'off'],
    'Which items of the ledger are sent, as untracked items: all, those that documents name, or none.',
  ),
  items_pull: choice(
    ['off', 'on'],
    'Whether items that Xero has and the ledger lacks come into the ledger, with the quantities that Xero keeps of tracked ones.',
  ),
  journals_pull: choice(
    ['off', 'manual', 'generated'],
    'Whether manual journals made in Xero are kept as records to read, and with generated also the journals that Xero generates of everything, which needs the Advanced tier of its developer plans.',
  ),
  history_notes: choice(
    ['off', 'on'],
    'Whether each exported document gets a note in its history in Xero that names the run and the ledger id. Notes cannot be deleted.',
  ),
  marker_url: text(
    'https://auxo-sync.localhost/{entity}/{kind}/{id}',
    'an address with {entity}, {kind} and {id} that does not contain the word xero',
    'The link in Xero of bills and journals, by which they are found again after a lost answer.',
    (value) =>
      /^https?:\/\/[^\s{}]+(\{(entity|kind|id)\}[^\s{}]*)+$/.test(value) &&
      !/xero/i.test(value) &&
      value.length <= 200 &&
      ['{entity}', '{kind}', '{id}'].every((token) => value.includes(token)),
  ),
  rounding_tolerance: define<Cents>({
    default: '0.01',
    explanation: 'The largest difference between a document and its lines that becomes a rounding line.',
    values: 'an amount from 0.00 to 1.00',
    parse: (value) => {
      const amount = parseCents(value)
      return amount !== null && amount >= 0 && amount <= 100 ? amount : null
    },
  }),
  foreign_currency: choice(
    ['document', 'base'],
    "Whether foreign documents are sent in their own currency or converted to the organisation's at the ledger's rate.",
  ),
  default_tracking_1: trackingDefault('Tracking of lines that have none, first category.'),
  default_tracking_2: trackingDefault('Tracking of lines that have none, second category.'),
  contact_detail: choice(
    ['full', 'name'],
    'What of a contact is sent: everything the ledger has, or only name and contact number.',
  ),
  contact_sync: choice(
    ['push', 'two_way'],
    'Whether changes of contacts only go to Xero, or changes made there to linked contacts also come into the ledger. Where both changed the same, the ledger decides.',
  ),
  contact_match: choice(
    ['name', 'name_and_email_or_phone'],
    'How a contact is found in Xero before a new one is made: by name alone, or by name with e-mail or phone agreeing.',
  ),
  chunk_size: wholeNumber(100, 1, 100, 'Documents in one call to Xero.'),
  calls_at_once: wholeNumber(5, 1, 5, 'Calls to Xero under way at the same time.'),
  calls_per_minute: wholeNumber(60, 1, 60, 'Calls to Xero in a minute.'),
  calls_per_day: wholeNumber(
    5000,
    10,
    100_000,
    "Calls that your Xero plan allows in a day (1,000 on Xero's Starter tier); a tenth is kept for reading back.",
  ),
  request_timeout: duration('60s', 1, 300, 'How long an answer from Xero is waited for.'),
  key_life: duration(
    '270s',
    1,
    330,
    'How long after its first attempt a call may be repeated under the same key.',
  ),
  settle_window: duration(
    '360s',
    1,
    3600,
    'How long after a lost answer Xero may still be storing what was sent.',
  ),
  log_retention: wholeNumber(400, 1, 36_500, 'Days for which the bodies of calls are kept in the API log.'),
} as const

export type SettingName = keyof typeof settingsTable

export type EntitySettings = {
  readonly [Name in SettingName]: NonNullable<ReturnType<(typeof settingsTable)[Name]['parse']>>
}

export const settingNames = Object.keys(settingsTable) as readonly SettingName[] // the table's own keys

export function isSettingName(name: string): name is SettingName {
  return Object.hasOwn(settingsTable, name)
}

/** A sentence that says why the text is no value of the setting; null where it is one. */
export function settingProblem(name: SettingName, value: string): string | null {
  const definition: SettingDefinition<unknown> = settingsTable[name]
  return definition.parse(value) === null
    ? `${name} cannot be “${value}”: it takes ${definition.values}.`
    : null
}

/** Xero forgets a key 6 minutes after its first call (§3.4); a repeat must have ended before that, with 30 s to spare. */
const keyLifeInXeroMs = 360_000
const keyMarginMs = 30_000

/**
 * Problems of the settings taken together: repeats that would outlive Xero's key, a settle window shorter than it.
 * Only where Xero is on this machine (a rehearsal) may the window be shorter (E12).
 */
export function combinedSettingProblems(settings: EntitySettings, apiIsLoopback: boolean): string[] {
  const problems: string[] = []
  if (settings.key_life + settings.request_timeout + keyMarginMs > keyLifeInXeroMs) {
    problems.push(
      `key_life (${settings.key_life / 1000}s) and request_timeout (${settings.request_timeout / 1000}s) together must not exceed 330s: ` +
        'Xero forgets a call after six minutes, and a repeat that comes later would be a second document.',
    )
  }
  if (settings.settle_window < keyLifeInXeroMs && !apiIsLoopback) {
    problems.push(
      `settle_window (${settings.settle_window / 1000}s) must be at least 360s: Xero may still be storing what it did not answer.`,
    )
  }
  if (settings.daily_summaries.length > 0 && settings.ar_style !== 'journals') {
    problems.push('daily_summaries sums up journals: it needs ar_style=journals.')
  }
  return problems
}

/**
 * Typed settings from what is stored; what is not stored has its default. Stored values that are no values are
 * returned as problems (exit 3 lists them all) and stand at their default.
 */
export function readSettings(stored: ReadonlyMap<string, string>): {
  settings: EntitySettings
  problems: string[]
} {
  const problems: string[] = []
  const values: Record<string, unknown> = {}
  for (const name of settingNames) {
    const definition: SettingDefinition<unknown> = settingsTable[name]
    const written = stored.get(name) ?? definition.default
    const problem = settingProblem(name, written)
    if (problem) problems.push(problem)
    values[name] = definition.parse(problem ? definition.default : written)
  }
  for (const name of stored.keys()) {
    if (!isSettingName(name)) problems.push(`There is no setting “${name}”.${didYouMean(name, settingNames)}`)
  }
  return { settings: values as EntitySettings, problems } // every name of the table was parsed above
}

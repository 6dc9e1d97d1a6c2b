// What the checks of payments, receipts, discounts and allocations come to, and the form of their findings. Each check is a
// file of its own; batch calls them before anything is planned and records what they say.

import type { Finding } from '../accounting/findings.ts'
import { kindNames, type ThingKind } from '../accounting/kinds.ts'
import type { Complaint } from './document-view.ts'

/** The thing that is judged; `label` is what people call it: "PAY-17 on INV-7". */
export interface MoneyThing {
  kind: ThingKind
  /** The thing's own id in export_state. */
  id: string
  label: string
}

/**
 * `send`: nothing stands against it. `failed`: an error, to be mended. `skipped`: waits for another thing, and is offered
 * again by itself. `none`: nothing is to be sent, and nothing is wrong (not sent at all, before the cutover, not due yet).
 */
export interface MoneyCheck<Form> {
  /** How it goes out (payment-forms.ts). */
  form: Form
  findings: Finding[]
  verdict: 'send' | 'failed' | 'skipped' | 'none'
  /** A sentence for a verdict that is not `send`; null where there is nothing to say. */
  reason: string | null
}

export function complainOf({ kind, id, label }: MoneyThing, complaint: Complaint): Finding {
  const name = kindNames[kind].one
  return {
    kind,
    id,
    number: label,
    code: complaint.code,
    severity: complaint.severity ?? 'error',
    field: complaint.field ?? null,
    message: `${name.charAt(0).toUpperCase()}${name.slice(1)} ${label} ${complaint.message}`,
    why: complaint.why,
    fix: complaint.fix,
    xeroMessages: [],
  }
}

/** Codes that make a thing wait for another, and codes by which it is not sent without anything being wrong. */
const waiting = new Set(['parent-not-exported', 'parent-draft'])
const notNow = new Set(['before-cutover', 'future-dated'])

/** The verdict of findings: errors first, then what keeps it from going now, then what it waits for. */
export function concluded<Form>(form: Form, findings: Finding[]): MoneyCheck<Form> {
  const error = findings.find(({ severity }) => severity === 'error')
  if (error) return { form, findings, verdict: 'failed', reason: error.message }
  const later = findings.find(({ code }) => notNow.has(code))
  if (later) return { form, findings, verdict: 'none', reason: later.message }
  const wait = findings.find(({ code }) => waiting.has(code))
  if (wait) return { form, findings, verdict: 'skipped', reason: wait.message }
  return { form, findings, verdict: 'send', reason: null }
}

/** Nothing goes out, whatever else may be said of it. */
export function notSent<Form>(form: Form, findings: Finding[] = []): MoneyCheck<Form> {
  return { form, findings, verdict: 'none', reason: findings[0]?.message ?? null }
}

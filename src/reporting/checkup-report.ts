// What `doctor` found, as a person reads it: a line a check, what to do under it. The checks are handed in.

import { countText, listText } from './figures.ts'
import { type Printer, type Tone, toned } from './terminal.ts'

interface ToldCheck {
  id: string
  entity: string | null
  state: 'ok' | 'warning' | 'error'
  found: string
  cure: string | null
}

const marks: Record<ToldCheck['state'], { text: string; tone: Tone }> = {
  ok: { text: 'ok     ', tone: 'good' },
  warning: { text: 'warning', tone: 'caution' },
  error: { text: 'error  ', tone: 'bad' },
}

/** Grouped by what they are about. Quiet: only what is not in order. */
export function printCheckup(
  printer: Printer,
  checks: readonly ToldCheck[],
  { isQuiet }: { isQuiet: boolean },
): void {
  const told = isQuiet ? checks.filter(({ state }) => state !== 'ok') : checks
  const width = Math.max(0, ...told.map(({ id }) => id.length))
  let head: string | undefined
  for (const check of told) {
    const group = groupOf(check)
    if (group !== head) printer.line(toned('strong', group))
    head = group
    const { text, tone } = marks[check.state]
    const label = `  ${text}  ${check.id.padEnd(width)}  `
    printer.entry(0, check.state === 'ok' ? label : toned(tone, label), check.found)
    if (check.cure !== null) printer.entry(label.length, toned('strong', 'To do: '), check.cure)
  }
  if (!isQuiet) printer.line(sumOf(checks))
}

function groupOf({ id, entity }: ToldCheck): string {
  if (entity !== null) return entity
  return id.startsWith('ledger-') || id === 'disk-space' || id === 'entities' ? 'Ledger' : 'This machine'
}

function sumOf(checks: readonly ToldCheck[]): ReturnType<typeof toned> {
  const { error, warning } = countsOf(checks)
  if (error + warning === 0) return toned('good', 'All is in order.')
  const parts = [
    ...(error > 0 ? [`${countText(error)} ${error === 1 ? 'error' : 'errors'}`] : []),
    ...(warning > 0 ? [`${countText(warning)} ${warning === 1 ? 'warning' : 'warnings'}`] : []),
  ]
  return toned(error > 0 ? 'bad' : 'caution', `${listText(parts)}.`)
}

function countsOf(checks: readonly ToldCheck[]): Record<ToldCheck['state'], number> {
  const counts = { ok: 0, warning: 0, error: 0 }
  for (const { state } of checks) counts[state] += 1
  return counts
}

/** `{"checks":[{"id","entity","state","found","cure"}],"counts":{"ok","warning","error"}}`: public. */
export function checkupJson(checks: readonly ToldCheck[]) {
  return {
    checks: checks.map(({ id, entity, state, found, cure }) => ({ id, entity, state, found, cure })),
    counts: countsOf(checks),
  }
}

// What `rollback` tells (M6): what is taken out of Xero, kind by kind with its money, and each thing that stays with the reason why.

import { kindNames, type ReportedKind, type ThingKind } from '../accounting/kinds.ts'
import { type Cents, formatCents } from '../accounting/money.ts'
import { countText, instantText, moneyText } from './figures.ts'
import { type Printer, toned } from './terminal.ts'

export interface RollbackTold {
  run: number
  /** Null where it is only shown what would be. */
  byRun: number | null
  entity: string
  organisation: string
  /** When the run that is undone began (ISO UTC), and the zone in which that is told. */
  startedAt: string
  zone: string
  undone: readonly { kind: ThingKind; id: string; number: string }[]
  notUndone: readonly { kind: ThingKind; id: string; number: string; why: string; needsPerson: boolean }[]
  money: readonly { kind: ReportedKind; things: number; currency: string | null; cents: number }[]
  /** ms since 1970; null where nothing is open. */
  settleFrom: number | null
}

/** Lists of a terminal's length; all of them stand in --json. */
const shownMax = 40

export function printRollback(printer: Printer, told: RollbackTold): void {
  const { byRun, entity, organisation, run } = told
  printer.line(
    toned('strong', `${entity} → ${organisation}`),
    `: run ${run} of ${instantText(told.startedAt, told.zone)}, `,
    byRun === null ? toned('caution', 'what a rollback would take out') : `rolled back by run ${byRun}`,
  )
  printMoney(printer, told)
  printStaying(printer, told)
  if (byRun !== null && told.undone.length > 0)
    printer.line('  What was taken out is held in the ledger, and sent again only once it is released.')
  if (told.settleFrom !== null)
    printer.line(
      toned(
        'caution',
        `  Answers were lost. Run the rollback again after ${instantText(new Date(told.settleFrom).toISOString(), told.zone)}.`,
      ),
    )
}

function printMoney(printer: Printer, { undone, money, byRun }: RollbackTold): void {
  if (undone.length === 0) {
    printer.line(toned('faint', `  Nothing ${byRun === null ? 'is left to be taken out' : 'was taken out'}.`))
    return
  }
  printer.table(
    [
      { head: 'taken out' },
      { head: 'count', align: 'right' },
      { head: 'total', align: 'right' },
      { head: 'currency' },
    ],
    money.map(({ kind, things, currency, cents }) => [
      kindNames[kind][things === 1 ? 'one' : 'many'],
      countText(things),
      moneyText(formatCents(cents as Cents)), // sums of cents
      currency ?? '',
    ]),
    2,
  )
}

function printStaying(printer: Printer, { notUndone }: RollbackTold): void {
  if (notUndone.length === 0) return
  const needsPerson = notUndone.some((one) => one.needsPerson)
  printer.line(
    toned(needsPerson ? 'bad' : 'faint', `  ${countText(notUndone.length)} stay in Xero as they are:`),
  )
  // What a person can do something about comes first, each by itself.
  const sorted = [...notUndone.filter((one) => one.needsPerson), ...grouped(notUndone)]
  printer.table(
    [{ head: 'what' }, { head: 'number', isFlexible: true }, { head: 'why', isFlexible: true }],
    sorted.slice(0, shownMax).map(({ kind, number, why }) => [kindNames[kind].one, number, why]),
    2,
  )
  const more = sorted.length - shownMax
  if (more > 0) printer.line(toned('faint', `  and ${countText(more)} more: --json lists all of them.`))
}

type Staying = RollbackTold['notUndone'][number]

/** What Xero keeps whatever is done: a line for each kind, with the first of it and how many more there are. */
function grouped(notUndone: readonly Staying[]): Staying[] {
  const kept = notUndone.filter((one) => !one.needsPerson)
  const kinds = [...new Set(kept.map(({ kind, why }) => `${kind} ${why}`))]
  return kinds.flatMap((key) => {
    const [first, ...others] = kept.filter(({ kind, why }) => `${kind} ${why}` === key)
    if (!first) return []
    const more = others.length > 0 ? ` and ${countText(others.length)} more` : ''
    return [{ ...first, number: `${first.number}${more}` }]
  })
}

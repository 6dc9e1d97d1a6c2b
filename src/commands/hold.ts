// `hold` and `release`: a document or another thing left out on purpose, and let go again (M4).

import { AuxoError } from '../errors.ts'
import { holdThings, releaseThings, type StandingThing } from '../ledger/holds.ts'
import type { NamedThing } from '../ledger/named-things.ts'
import type { Ledger } from '../ledger/open.ts'
import { findHeldByRollback } from '../ledger/taken-out.ts'
import { type Piece, toned } from '../reporting/terminal.ts'
import { chooseThings, type KindFlag, thingName } from './chosen-things.ts'
import { type CommandContext, type ExitCode, whoOf } from './context.ts'
import { printerOf, writeJson } from './telling.ts'

export async function holdCommand(
  context: CommandContext,
  references: readonly string[],
  flags: KindFlag & { reason: string },
): Promise<ExitCode> {
  const reason = flags.reason.trim()
  if (reason === '') throw new AuxoError('usage', 'Say why, so that the next person knows: --reason TEXT.')
  return context.withLedger(async (ledger) => {
    const things = await chooseThings(context, ledger, references, flags)
    const { refused } = await holdThings(ledger, things, { reason, who: whoOf(context.host) })
    if (refused.length > 0) throw refusedHold(things, refused)
    await tell(context, 'held', things, `held back: ${reason}`)
    return 0
  })
}

export async function releaseCommand(
  context: CommandContext,
  references: readonly string[],
  flags: KindFlag & { run?: number },
): Promise<ExitCode> {
  const { run } = flags
  if ((run === undefined) === (references.length === 0))
    throw new AuxoError(
      'usage',
      'Say what to release: documents by their numbers, or --run with the number of a run that was rolled back.',
    )
  return context.withLedger(async (ledger) => {
    const things =
      run === undefined
        ? await chooseThings(context, ledger, references, flags)
        : await chooseRolledBack(context, ledger, run)
    const { refused } = await releaseThings(ledger, things, whoOf(context.host))
    if (refused.length > 0)
      throw new AuxoError(
        'needs-person',
        `${namesOf(things, refused)} ${refused.length === 1 ? 'is' : 'are'} not held back. Nothing was changed.`,
      )
    await tell(context, 'released', things, 'released: the next export looks at it')
    return 0
  })
}

/** Everything that is held since the run was rolled back (M6). */
async function chooseRolledBack(
  { flags: { entity } }: CommandContext,
  ledger: Ledger,
  run: number,
): Promise<NamedThing[]> {
  const held = await findHeldByRollback(ledger, run)
  const things = held.filter((one) => entity === undefined || one.entity === entity)
  if (things.length === 0)
    throw new AuxoError('needs-person', `Nothing is held of run ${run}. Nothing was changed.`)
  return things.map(({ kind, id, entity: of, number }) => ({ kind, id, entity: of, label: number ?? id }))
}

function refusedHold(things: readonly NamedThing[], refused: readonly StandingThing[]): AuxoError {
  const isOne = refused.length === 1
  return new AuxoError(
    'needs-person',
    `${namesOf(things, refused)} ${isOne ? 'was' : 'were'} sent, and whether Xero has ${isOne ? 'it' : 'them'} is not known yet. Nothing was held back. Run auxo-sync export, or settle it by hand with auxo-sync settle, and hold it then.`,
  )
}

function namesOf(things: readonly NamedThing[], some: readonly StandingThing[]): string {
  const text = things
    .filter((thing) =>
      some.some(({ kind, id, entity }) => kind === thing.kind && id === thing.id && entity === thing.entity),
    )
    .map(thingName)
    .join(', ')
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}`
}

/** A line for each; with --json one value, with --quiet nothing. */
async function tell(
  context: CommandContext,
  word: 'held' | 'released',
  things: readonly NamedThing[],
  what: Piece & string,
): Promise<void> {
  if (context.flags.json)
    return writeJson(context, {
      [word]: things.map(({ kind, id, entity, label }) => ({ kind, id, entity, number: label })),
    })
  if (context.flags.quiet) return
  const printer = await printerOf(context)
  for (const thing of things) printer.line(toned('strong', thingName(thing)), ` ${what}`)
}

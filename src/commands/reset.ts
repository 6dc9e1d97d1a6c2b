// `reset`: a document that was marked by a mock export is to be exported after all (M2).

import { AuxoError } from '../errors.ts'
import { type ResetRefusal, resetThings } from '../ledger/cutover-undo.ts'
import type { NamedThing } from '../ledger/named-things.ts'
import { toned } from '../reporting/terminal.ts'
import { chooseThings, type KindFlag, thingName } from './chosen-things.ts'
import { type CommandContext, type ExitCode, whoOf } from './context.ts'
import { printerOf, writeJson } from './telling.ts'

export async function resetCommand(
  context: CommandContext,
  references: readonly string[],
  flags: KindFlag & { unlink?: boolean },
): Promise<ExitCode> {
  return context.withLedger(async (ledger) => {
    const things = await chooseThings(context, ledger, references, flags)
    const options = { who: whoOf(context.host), unlink: flags.unlink ?? false }
    const { refused } = await resetThings(ledger, things, options)
    const [first] = refused
    if (first)
      throw new AuxoError('needs-person', 'Nothing was reset.', {
        details: refused.map(({ thing, why }) => `${nameIn(things, thing)} ${reasons[why]}`),
      })
    if (context.flags.json)
      writeJson(context, {
        reset: things.map(({ kind, id, entity, label }) => ({ kind, id, entity, number: label })),
      })
    else if (!context.flags.quiet) {
      const printer = await printerOf(context)
      for (const thing of things)
        printer.line(
          toned('strong', thingName(thing)),
          ' reset: the next export sends it, if its rules let it',
        )
    }
    return 0
  })
}

const reasons: Record<ResetRefusal, string> = {
  exported: 'was really exported. To take it out of Xero, void it in the ledger.',
  'under-way': 'was sent, and whether Xero has it is not known yet. Run auxo-sync export, which asks.',
  'not-marked': 'was not marked by a mock export: it waits to be exported as it is.',
  linked:
    'is linked with a document that stands in Xero, and would be there twice. If the link is wrong, add --unlink.',
}

function nameIn(things: readonly NamedThing[], one: Pick<NamedThing, 'kind' | 'id' | 'entity'>): string {
  const thing = things.find(
    ({ kind, id, entity }) => kind === one.kind && id === one.id && entity === one.entity,
  )
  const name = thing ? thingName(thing) : one.id
  return `${name.charAt(0).toUpperCase()}${name.slice(1)}`
}

// Notices that ledger and config folder were both put back, as from a snapshot of the whole machine (E13): the memory outside the
// ledger is then as old as the ledger, and nothing on this machine knows better. But Xero has documents of ours that the ledger is
// about to send, and the pull has just seen them. Bills tell by their mark; sales invoices by being to the last line what would be
// sent, which nobody types. What to do then is adopt-copy's.

import { kindNames } from '../accounting/kinds.ts'
import { AuxoError } from '../errors.ts'
import type { Stranger } from '../ledger/strangers.ts'
import type { Channel, Found } from './channels/channel.ts'
import { channelTable } from './channels/channel-table.ts'
import { type RunContext, refuseInterrupted } from './context.ts'
import type { LoadedThing } from './kind-row.ts'
import { kindTable } from './kind-table.ts'
import { loadToLookFor } from './load-to-look-for.ts'

/** A call each: what a person typed in Xero besides must not cost more. After a snapshot was put back the first tells. */
const askedMax = 10

/** AuxoError `ledger-copied` where one of the strangers is ours. */
export async function refuseRestored(context: RunContext, strangers: readonly Stranger[]): Promise<void> {
  const own = strangers.filter(({ entity }) => entity === context.books.entity.code)
  for (const { kind, id, xeroId } of own.slice(0, askedMax)) {
    refuseInterrupted(context.interrupt)
    const row = kindTable[kind]
    const [thing] = row ? (await loadToLookFor(context, row, [id])).things : []
    if (!thing) continue
    const channel = channelTable[thing.channel]
    const found = await channel.findById(context.gateway, xeroId, thing.facts)
    if (found && isOurs(channel, thing, found))
      throw restored(context, `${kindNames[kind].one} ${thing.label}`)
  }
}

function isOurs(channel: Channel, { facts }: LoadedThing, found: Found): boolean {
  return channel.foundBy === 'marker'
    ? channel.recognise(facts, found) === 'ours'
    : channel.recognise(facts, found) !== 'other' && channel.agrees(facts, found)
}

function restored({ ledger }: RunContext, document: string): AuxoError {
  return new AuxoError(
    'ledger-copied',
    `Xero has ${document} just as this ledger is about to send it: ${ledger.file} does not know that it was sent before. It may have been put back from a back-up together with the config folder, as from a snapshot of the machine. Nothing was sent. Run auxo-sync adopt-copy: it looks up in Xero what is there already.`,
  )
}

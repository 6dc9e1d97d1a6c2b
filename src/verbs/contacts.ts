// The verbs of contacts and their links.

import type { Command } from 'commander'
import type { MatchFlags } from '../commands/contacts-match.ts'
import { addList, type Choose, verb } from './verb.ts'

export function addContacts(program: Command, choose: Choose): void {
  const contacts = verb(
    program,
    'contacts',
    'contacts and what they are in Xero',
    'auxo-sync contacts link ACME 7c0b7ea4-5d3f-4f3c-8a53-7e6c4d8b2f10',
  )
  addList(contacts, choose, 'all of them with their links', async (context) =>
    (await import('../commands/contacts.ts')).listContactsCommand(context),
  )
  verb(
    contacts,
    'link <code> <xeroId>',
    'say by hand which contact of Xero it is',
    'auxo-sync contacts link ACME 7c0b7ea4-5d3f-4f3c-8a53-7e6c4d8b2f10',
  ).action(function (this: Command, code: string, xeroId: string) {
    choose(this, async (context) =>
      (await import('../commands/contacts.ts')).linkContactCommand(context, code, xeroId),
    )
  })
  verb(
    contacts,
    'match',
    'what each unlinked contact would be linked to in Xero',
    'auxo-sync contacts match --apply',
  )
    .option('--apply', 'link those that are sure')
    .action(function (this: Command, options: MatchFlags) {
      choose(this, async (context) =>
        (await import('../commands/contacts-match.ts')).matchContactsCommand(context, options),
      )
    })
  verb(
    contacts,
    'unlink <code>',
    'forget it; the next export makes a new link',
    'auxo-sync contacts unlink ACME',
  ).action(function (this: Command, code: string) {
    choose(this, async (context) =>
      (await import('../commands/contacts.ts')).unlinkContactCommand(context, code),
    )
  })
}

// The verbs that need no Xero: sandbox and demo.

import type { Command } from 'commander'
import { type Choose, verb, wholeNumber, withNote } from './verb.ts'

const personAtWork = [
  'A person at work in this Xero: open XERO_API_URL with /_person/ behind it, such as http://127.0.0.1:4098/_person/,',
  'in a browser on this machine, to pay, credit, allocate, void, merge or lock by hand. Scripts post JSON to',
  '/_person/pay and the others that GET /_person/actions lists.',
  'To log in with a browser, take XERO_BROWSER_CLIENT_ID as XERO_CLIENT_ID. A script consents in a person’s place with',
  'POST /_person/consent and {"authorize":"the address that connect shows"}, and goes where the answer’s redirect says.',
]

export function addRehearsal(program: Command, choose: Choose): void {
  withNote(
    verb(
      program,
      'sandbox',
      'a local Xero to try things on, until stopped',
      'auxo-sync sandbox --port 4098 --fault "PUT /Invoices:2 drop-after-commit"',
    ),
    personAtWork,
  )
    .option('--port <number>', 'port on this machine; 0 takes any free one', wholeNumber, 0)
    .option('--state <file>', 'keep what it holds in this file')
    .option('--fault <spec...>', 'things that go wrong; --fault help lists them')
    .option('--switch <name=value...>', 'how it behaves where Xero’s own behaviour is not known')
    .option('--business <name...>', 'with the accounts of the demo’s businesses, an organisation for each')
    .action(function (
      this: Command,
      options: { port: number; state?: string; fault?: string[]; switch?: string[]; business?: string[] },
    ) {
      choose(this, async (context) =>
        (await import('../commands/sandbox.ts')).sandboxCommand(context, options),
      )
    })
  verb(
    program,
    'demo',
    'a business from its files to its books in a sandbox Xero, in one go',
    'auxo-sync demo workshop --keep demo-folder',
  )
    .argument('[business]', 'workshop, manufacturer, manufacturer-journals or agency; workshop if left out')
    .option('--keep <folder>', 'leave the ledger there to look at')
    .action(function (this: Command, business: string | undefined, options: { keep?: string }) {
      choose(this, async (context) =>
        (await import('../commands/demo.ts')).demoCommand(context, business, options),
      )
    })
}

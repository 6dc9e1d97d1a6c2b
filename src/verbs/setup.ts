// The verbs that set up a ledger: init, migrate, entities, connect, connections, disconnect, settings.

import type { Command } from 'commander'
import type { ConnectFlags } from '../commands/connect.ts'
import { addList, type Choose, verb, wholeNumber } from './verb.ts'

export function addSetup(program: Command, choose: Choose): void {
  verb(
    program,
    'init [file]',
    'make a new ledger, with a first billing entity if one is named',
    'auxo-sync init ledger.db --entity NZ01 --name "Example Ltd" --region NZ',
  )
    .option('--name <name>', 'name of the first billing entity (its code is --entity)')
    .option('--region <cc>', 'country of the entity: NZ, AU, GB, US, SG, ZA …')
    .option('--currency <cur>', 'base currency, where it is not the region’s')
    .action(function (
      this: Command,
      file: string | undefined,
      options: { name?: string; region?: string; currency?: string },
    ) {
      choose(this, async (context) =>
        (await import('../commands/init.ts')).initCommand(context, file, options),
      )
    })
  verb(
    program,
    'migrate',
    'bring an old ledger up to date, after a back-up',
    'auxo-sync migrate --ledger ledger.db',
  ).action(function (this: Command) {
    choose(this, async (context) => (await import('../commands/migrate.ts')).migrateCommand(context))
  })
  const entities = verb(
    program,
    'entities',
    'the billing entities and what they are connected to',
    'auxo-sync entities add AU01 --name "Example Pty Ltd" --region AU',
  )
  addList(entities, choose, 'list them', async (context) =>
    (await import('../commands/entities.ts')).entitiesCommand(context),
  )
  verb(
    entities,
    'add <code>',
    'add a billing entity',
    'auxo-sync entities add AU01 --name "Example Pty Ltd" --region AU',
  )
    .requiredOption('--name <name>', 'its name')
    .requiredOption('--region <cc>', 'its country: NZ, AU, GB, US, SG, ZA …')
    .option('--currency <cur>', 'base currency, where it is not the region’s')
    .action(function (
      this: Command,
      code: string,
      options: { name: string; region: string; currency?: string },
    ) {
      choose(this, async (context) =>
        (await import('../commands/entities.ts')).addEntityCommand(context, code, options),
      )
    })
  addConnecting(program, choose)
  addSettings(program, choose)
}

function addConnecting(program: Command, choose: Choose): void {
  verb(program, 'connect', 'connect an entity to its Xero organisation', 'auxo-sync connect --entity NZ01')
    .option('--custom', 'with a custom connection: XERO_CLIENT_ID and XERO_CLIENT_SECRET, no browser')
    .option('--tenant <id>', 'the organisation, where the log-in opens several')
    .option('--yes', 'do not ask whether it is the right organisation')
    .option(
      '--port <number>',
      'where Xero leads the browser back, http://localhost:PORT/callback; 8710 if left out',
      wholeNumber,
    )
    .option('--no-browser', 'only show the address, to be opened on another machine')
    .option('--balances', 'ask for reading account balances too, which reconcile compares')
    .action(function (this: Command, options: ConnectFlags) {
      choose(this, async (context) =>
        (await import('../commands/connect.ts')).connectCommand(context, options),
      )
    })
  verb(
    program,
    'connections',
    'which organisation each entity is connected to, how, and how long the log-in lasts',
    'auxo-sync connections --json',
  ).action(function (this: Command) {
    choose(this, async (context) => (await import('../commands/connections.ts')).connectionsCommand(context))
  })
  verb(
    program,
    'disconnect',
    'end what Xero allows for an entity, and forget its log-in; what was sent stays known',
    'auxo-sync disconnect --entity NZ01',
  )
    .option('--yes', 'do not ask')
    .action(function (this: Command, options: { yes?: boolean }) {
      choose(this, async (context) =>
        (await import('../commands/disconnect.ts')).disconnectCommand(context, options),
      )
    })
}

function addSettings(program: Command, choose: Choose): void {
  const settings = verb(
    program,
    'settings',
    'what can be set per entity, with what each does',
    'auxo-sync settings set cutover_date 2026-04-01',
  )
  addList(settings, choose, 'all of them', async (context) =>
    (await import('../commands/settings.ts')).listSettingsCommand(context),
  )
  verb(settings, 'get <name>', 'one setting', 'auxo-sync settings get cutover_date').action(function (
    this: Command,
    name: string,
  ) {
    choose(this, async (context) =>
      (await import('../commands/settings.ts')).getSettingCommand(context, name),
    )
  })
  verb(
    settings,
    'set <name> <value>',
    'change one; what was exported stays as it is',
    'auxo-sync settings set cutover_date 2026-04-01',
  ).action(function (this: Command, name: string, value: string) {
    choose(this, async (context) =>
      (await import('../commands/settings.ts')).setSettingCommand(context, name, value),
    )
  })
}

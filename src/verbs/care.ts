// The verbs that look after the rest: doctor, watch, completion.

import { Argument, type Command } from 'commander'
import type { Shell } from '../commands/completion.ts'
import type { DoctorFlags } from '../commands/doctor.ts'
import type { WatchFlags } from '../commands/watch.ts'
import { type Choose, verb, wholeNumber } from './verb.ts'

export function addCare(program: Command, choose: Choose): void {
  verb(
    program,
    'doctor',
    'look at everything that could keep an export from running, and say what to do',
    'auxo-sync doctor',
  )
    .option('--offline', 'do not ask Xero, and write nothing')
    .action(function (this: Command, options: DoctorFlags) {
      choose(this, async (context) => (await import('../commands/doctor.ts')).doctorCommand(context, options))
    })
  verb(
    program,
    'watch',
    'export whenever something new waits in the ledger, until stopped',
    'auxo-sync watch --every 30',
  )
    .option(
      '--every <minutes>',
      'at the latest so long after the last run, for what happens in Xero',
      wholeNumber,
      15,
    )
    .option(
      '--pause <seconds>',
      'how long the ledger has to be left alone before it is exported',
      wholeNumber,
      5,
    )
    .action(function (this: Command, options: WatchFlags) {
      choose(this, async (context) => (await import('../commands/watch.ts')).watchCommand(context, options))
    })
  verb(
    program,
    'completion',
    'the script that completes verbs and options in your shell',
    'auxo-sync completion bash > auxo-sync.bash',
  )
    .addArgument(new Argument('<shell>', 'your shell').choices(['bash', 'zsh', 'fish']))
    .action(function (this: Command, shell: Shell) {
      choose(this, async (context) => {
        const { readTree } = await import('./tree.ts')
        return (await import('../commands/completion.ts')).completionCommand(
          context,
          readTree(program),
          shell,
        )
      })
    })
}

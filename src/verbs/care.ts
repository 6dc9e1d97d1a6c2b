// The verbs that look after the rest: completion.

import { Argument, type Command } from 'commander'
import type { Shell } from '../commands/completion.ts'
import { type Choose, verb } from './verb.ts'

export function addCare(program: Command, choose: Choose): void {
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

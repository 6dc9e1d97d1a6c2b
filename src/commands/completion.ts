// `completion`: the script that completes auxo-sync in a shell, to be sourced (Q3).

import { bashCompletion } from '../reporting/completion/bash.ts'
import { fishCompletion } from '../reporting/completion/fish.ts'
import { zshCompletion } from '../reporting/completion/zsh.ts'
import type { VerbTree } from '../reporting/verb-tree.ts'
import type { CommandContext, ExitCode } from './context.ts'

export type Shell = 'bash' | 'zsh' | 'fish'

const scripts: Record<Shell, (tree: VerbTree) => string> = {
  bash: bashCompletion,
  zsh: zshCompletion,
  fish: fishCompletion,
}

export async function completionCommand(
  { host }: CommandContext,
  tree: VerbTree,
  shell: Shell,
): Promise<ExitCode> {
  host.stdout.write(scripts[shell](tree))
  return 0
}

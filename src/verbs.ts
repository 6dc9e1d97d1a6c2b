// Every verb, in the order of the help. Each group has a file in verbs/, and each command is loaded when it runs, so that
// `--help` is instant. How a run begins and how its errors become exit codes is program.ts.

import type { Command } from 'commander'
import { addCare } from './verbs/care.ts'
import { addContacts } from './verbs/contacts.ts'
import { addCutover } from './verbs/cutover.ts'
import { addDaily } from './verbs/daily.ts'
import { addLooking } from './verbs/looking.ts'
import { addMending } from './verbs/mending.ts'
import { addRehearsal } from './verbs/rehearsal.ts'
import { addSetup } from './verbs/setup.ts'
import type { Choose } from './verbs/verb.ts'

export function addVerbs(program: Command, choose: Choose): void {
  addSetup(program, choose)
  addDaily(program, choose)
  addLooking(program, choose)
  addContacts(program, choose)
  addMending(program, choose)
  addCutover(program, choose)
  addRehearsal(program, choose)
  addCare(program, choose)
}

// The program's commands as a value (reporting/verb-tree.ts), read from commander: the one place where its shape is known,
// so that completion and the man page never fall behind the verbs. Words that a value takes and commander does not check,
// since the message of the command itself is better, are named here.

import type { Argument, Command, Option } from 'commander'
import { documentKinds, reportedKinds, thingKinds } from '../accounting/kinds.ts'
import { settingNames } from '../accounting/settings.ts'
import { businesses } from '../commands/demo-business.ts'
import { fileKindNames } from '../importing/file-kind.ts'
import type { Verb, VerbArgument, VerbOption, VerbTree } from '../reporting/verb-tree.ts'
import { examplesOf, notesOf } from './verb.ts'

/** What a person can name: contacts and items go with what needs them. */
const namedKinds = thingKinds.filter((kind) => kind !== 'contact' && kind !== 'item')
const businessNames = businesses.map((business) => business.name)

/** By verb and option or argument. A test holds each to the tree. */
export const knownWords: Readonly<Record<string, readonly string[]>> = {
  'import --as': fileKindNames,
  'export --only': reportedKinds,
  'settings get name': settingNames,
  'settings set name': settingNames,
  'show --kind': documentKinds,
  'settle --kind': namedKinds,
  'hold --kind': namedKinds,
  'release --kind': namedKinds,
  'mark-exported --kind': namedKinds,
  'reset --kind': namedKinds,
  'sandbox --business': businessNames,
  'demo business': businessNames,
}

export function readTree(program: Command): VerbTree {
  return {
    name: program.name(),
    version: program.version() ?? '',
    description: program.description(),
    options: program.options.filter(isVersion).map((option) => optionOf(option, '')),
    common: [
      ...program.options.filter((option) => !isVersion(option)).map((option) => optionOf(option, '')),
      helpOption,
    ],
    verbs: program.commands.map((command) => verbOf(command, '')),
  }
}

/** Every other option of the program is every verb's too (program.ts). */
function isVersion(option: Option): boolean {
  return option.long === '--version'
}

/** commander keeps its own apart. */
const helpOption: VerbOption = {
  long: '--help',
  short: '-h',
  value: null,
  isValueOptional: false,
  isMany: false,
  isRequired: false,
  words: [],
  description: 'print this help',
}

function verbOf(command: Command, before: string): Verb {
  const path = before === '' ? command.name() : `${before} ${command.name()}`
  return {
    name: command.name(),
    description: command.description(),
    arguments: command.registeredArguments.map((argument) => argumentOf(argument, path)),
    options: command.options.filter((option) => !option.hidden).map((option) => optionOf(option, path)),
    verbs: command.commands.map((child) => verbOf(child, path)),
    examples: examplesOf(command),
    notes: notesOf(command),
  }
}

function argumentOf(argument: Argument, path: string): VerbArgument {
  return {
    name: argument.name(),
    isRequired: argument.required,
    isMany: argument.variadic,
    words: argument.argChoices ?? knownWords[`${path} ${argument.name()}`] ?? [],
  }
}

function optionOf(option: Option, path: string): VerbOption {
  const [, value = null] = /[<[]([^\]>.]+)/.exec(option.flags) ?? []
  return {
    long: option.long ?? '',
    short: option.short ?? null,
    value,
    isValueOptional: option.optional,
    isMany: option.variadic,
    isRequired: option.mandatory,
    words: option.argChoices ?? knownWords[`${path} ${option.long}`] ?? [],
    description: option.description,
  }
}

// The manual page auxo-sync(1), made from the command line as it is. Written to a file when the program is built
// (man/write.mjs), so that npm installs it with the program.

import { allVerbs, type PlacedVerb, type VerbOption, type VerbTree } from './verb-tree.ts'

/** What an exit code means, in one line; README says what to do. */
export const exitMeanings: Readonly<Record<number, string>> = {
  0: 'Done, also when there was nothing to do.',
  1: 'Done, but something needs a person.',
  2: 'Wrong usage, or a question that needs --yes.',
  3: 'A setting, a variable or an input file is invalid.',
  4: 'Not connected, not authorised, or another organisation than the one that the entity belongs to.',
  5: 'The ledger is missing, locked, not writable, newer, older, damaged, or a copy.',
  6: 'Another run holds the organisation.',
  7: 'Stopped by a limit of Xero, or Xero is away; the message says when to run again.',
  8: 'Outcomes are uncertain, and time settles them: run again.',
  70: 'A bug.',
  130: 'Interrupted; the calls under way were finished and recorded.',
}

/** The page as troff with the macros of man(7). */
export function manPage(tree: VerbTree, environment: readonly string[]): string {
  const lines = [
    `.\\" Made from the program itself by man/write.mjs.`,
    `.TH ${tree.name.toUpperCase()} 1 "" "${tree.name} ${tree.version}" "User Commands"`,
    '.SH NAME',
    `${tree.name} \\- ${text(tree.description)}`,
    '.SH SYNOPSIS',
    `.B ${text(tree.name)}`,
    '.I verb',
    '[\\fIarguments\\fR] [\\fIoptions\\fR]',
    '.SH OPTIONS OF EVERY VERB',
    ...[...tree.common, ...tree.options].flatMap(optionLines),
    '.SH VERBS',
    ...allVerbs(tree).flatMap((placed) => verbLines(tree, placed)),
    '.SH ENVIRONMENT',
    'What each is for stands in the file .env.example beside the program.',
    ...environment.flatMap((name) => ['.TP', `.B ${text(name)}`]),
    '.SH EXIT STATUS',
    ...Object.entries(exitMeanings).flatMap(([code, meaning]) => ['.TP', `.B ${code}`, text(meaning)]),
  ]
  return `${lines.join('\n')}\n`
}

function verbLines(tree: VerbTree, { path, verb }: PlacedVerb): string[] {
  const taken = verb.arguments.map(({ name, isRequired, isMany }) => {
    const shown = `\\fI${text(name)}\\fR${isMany ? '...' : ''}`
    return isRequired ? shown : `[${shown}]`
  })
  return [
    `.SS "${[text(`${tree.name} ${path}`), ...taken].join(' ')}"`,
    text(sentence(verb.description)),
    ...verb.notes.flatMap((note) => ['.PP', text(note)]),
    ...verb.options.flatMap(optionLines),
    ...(verb.examples.length === 0
      ? []
      : ['.PP', '.nf', ...verb.examples.map((example) => `    ${text(example)}`), '.fi']),
  ]
}

function optionLines({
  long,
  short,
  value,
  isValueOptional,
  isMany,
  words,
  description,
}: VerbOption): string[] {
  const shown = value === null ? '' : `\\fI${text(value)}\\fR${isMany ? '...' : ''}`
  const choices = words.length > 0 ? ` One of ${words.join(', ')}.` : ''
  return [
    '.TP',
    `${short === null ? '' : `\\fB${text(short)}\\fR, `}\\fB${text(long)}\\fR${shown === '' ? '' : ` ${isValueOptional ? `[${shown}]` : shown}`}`,
    text(sentence(description) + choices),
  ]
}

function sentence(description: string): string {
  const end = /[.…]$/.test(description) ? '' : '.'
  return description.charAt(0).toUpperCase() + description.slice(1) + end
}

/** Plain words: no line may begin as a request does, and a hyphen stays the one that is typed. */
function text(words: string): string {
  return words
    .replaceAll('\\', '\\e')
    .replaceAll('-', '\\-')
    .replace(/^(?=[.'])/, '\\&')
}

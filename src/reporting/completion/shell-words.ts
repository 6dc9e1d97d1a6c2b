// What the three shells need alike of the command line: which words lead to a verb, which options take a value, and how text
// is quoted. What a script does with it is the file of its shell.

import { allVerbs, type VerbArgument, type VerbOption, type VerbTree } from '../verb-tree.ts'

/** A place on the command line: the words of the verbs so far, `''` before any. */
export interface Place {
  path: string
  verbs: readonly { name: string; description: string }[]
  /** Without the common ones. */
  options: readonly VerbOption[]
  arguments: readonly VerbArgument[]
}

export function placesOf(tree: VerbTree): Place[] {
  const verbs = allVerbs(tree).map(({ path, verb }) => ({ ...verb, path }))
  return [{ path: '', verbs: tree.verbs, options: tree.options, arguments: [] }, ...verbs]
}

/** Every option that must be followed by a value, anywhere. An optional value is not waited for. */
export function optionsWithValue(tree: VerbTree): string[] {
  const all = [...tree.common, ...placesOf(tree).flatMap(({ options }) => options)]
  return [
    ...new Set(all.filter((one) => one.value !== null && !one.isValueOptional).map(({ long }) => long)),
  ].sort()
}

/** As a pattern of `case`, the words that lead on: `contacts/link` is the word `link` after `contacts`. */
export function verbMoves(places: readonly Place[]): string {
  return places
    .filter(({ path }) => path !== '')
    .map(({ path }) => {
      const words = path.split(' ')
      return quoted(`${words.slice(0, -1).join(' ')}/${words.at(-1)}`)
    })
    .join('|')
}

/** For POSIX shells and zsh: as one word, whatever is in it. */
export function quoted(text: string): string {
  return `'${text.replaceAll("'", "'\\''")}'`
}

/** The first sentence and no more, since it stands beside a word in a list. */
export function brief(description: string): string {
  return description.split(/[;:]\s/)[0] ?? description
}

/** The branches of `case "$path $option"`, for bash and zsh alike; `offered` is what the shell does for a value, null for nothing. */
export function optionCases(
  tree: VerbTree,
  offered: (value: string, words: readonly string[]) => string | null,
): string {
  const lines = (options: readonly VerbOption[], pattern: (long: string) => string) =>
    options.flatMap(({ long, value, words }) => {
      const action = value === null ? null : offered(value, words)
      return action === null ? [] : [`      ${pattern(long)}) ${action} ;;`]
    })
  return [
    ...placesOf(tree).flatMap(({ path, options }) => lines(options, (long) => quoted(`${path} ${long}`))),
    // Those of every verb, after its own of the same name.
    ...lines(tree.common, (long) => `*' ${long}'`),
  ].join('\n')
}

// Completion for fish, with what each verb and option does beside it. fish knows by itself where an option's value stands.

import { offerFor, type VerbOption, type VerbTree } from '../verb-tree.ts'
import { brief, optionsWithValue, type Place, placesOf } from './shell-words.ts'

/** The whole script; sourced, or as a file `auxo-sync.fish` among fish's completions. */
export function fishCompletion(tree: VerbTree): string {
  const places = placesOf(tree)
  const line = (rest: string) => `complete -c ${tree.name} ${rest}`
  const moves = places.filter(({ path }) => path !== '').map(({ path }) => fishQuoted(path))
  return `# Completion of ${tree.name} ${tree.version} for fish. To have it in every shell:
#   ${tree.name} completion fish > ~/.config/fish/completions/${tree.name}.fish

# True where the verbs that were typed are these and no others.
function __auxo_sync_at
    set -l at ''
    set -l skip 0
    for word in (commandline -opc)[2..]
        if test $skip = 1
            set skip 0
            continue
        end
        switch $word
            case ${optionsWithValue(tree).join(' ')}
                set skip 1
            case '-*'
            case '*'
                set -l next (string trim "$at $word")
                contains -- $next ${moves.join(' ')}; and set at $next
        end
    end
    test "$at" = "$argv[1]"
end

${line('-f')}
${tree.common.map((option) => line(optionPart(option))).join('\n')}
${places.flatMap(ownLines).map(line).join('\n')}
`
}

function ownLines({ path, verbs, options, arguments: taken }: Place): string[] {
  const here = `-n ${fishQuoted(`__auxo_sync_at "${path}"`)}`
  const [first] = taken
  const argument = first && verbs.length === 0 ? offered(first.name, first.words) : ''
  return [
    ...verbs.map(
      ({ name, description }) => `${here} -a ${fishQuoted(name)} -d ${fishQuoted(brief(description))}`,
    ),
    ...(argument === '' ? [] : [`${here} ${argument}`]),
    ...options.map((option) => `${here} ${optionPart(option)}`),
  ]
}

function optionPart({ long, short, value, isValueOptional, words, description }: VerbOption): string {
  const taken =
    value === null || isValueOptional
      ? ''
      : ` ${offerFor(value, words).kind === 'file' ? '-r' : '-x'} ${offered(value, words)}`
  return `-l ${long.slice(2)}${short === null ? '' : ` -s ${short.slice(1)}`}${taken.trimEnd()} -d ${fishQuoted(brief(description))}`
}

function offered(value: string, words: readonly string[]): string {
  const offer = offerFor(value, words)
  switch (offer.kind) {
    case 'words':
      return `-a ${fishQuoted(offer.words.join(' '))}`
    case 'list':
      return `-a ${fishQuoted(`(__fish_append , ${offer.words.join(' ')})`)}`
    case 'file':
      return '-F'
    case 'folder':
      return `-a ${fishQuoted('(__fish_complete_directories)')}`
    case 'nothing':
      return ''
  }
}

function fishQuoted(text: string): string {
  return `'${text.replaceAll('\\', '\\\\').replaceAll("'", "\\'")}'`
}

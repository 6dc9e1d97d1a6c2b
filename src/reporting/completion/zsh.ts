// Completion for zsh, with what each verb and option does beside it.

import { offerFor, type VerbOption, type VerbTree } from '../verb-tree.ts'
import {
  brief,
  optionCases,
  optionsWithValue,
  type Place,
  placesOf,
  quoted,
  verbMoves,
} from './shell-words.ts'

/** The whole script: sourced after compinit, or as a file `_auxo-sync` in a folder of fpath. */
export function zshCompletion(tree: VerbTree): string {
  const places = placesOf(tree)
  return `#compdef ${tree.name}
# Completion of ${tree.name} ${tree.version} for zsh. To have it in every shell, in ~/.zshrc after compinit:
#   source <(${tree.name} completion zsh)

_auxo_sync() {
  local at='' option='' word i
  integer given=0
  local -a offers
  for ((i = 2; i < CURRENT; i++)); do
    word=\${words[i]}
    if [[ -n $option ]]; then option=''; continue; fi
    case $word in
      ${optionsWithValue(tree).join('|')}) option=$word ;;
      -*) ;;
      *) case "$at/$word" in
           ${verbMoves(places)}) at="$at\${at:+ }$word"; given=0 ;;
           *) given+=1 ;;
         esac ;;
    esac
  done
  if [[ -z $option && $PREFIX == --*=* ]]; then
    option=\${PREFIX%%=*}
    compset -P '*='
  fi
  if [[ -n $option ]]; then
    case "$at $option" in
${optionCases(tree, offered)}
    esac
    return
  fi
  if [[ $PREFIX == -* ]]; then
    case $at in
${places
  .filter(({ options }) => options.length > 0)
  .map((place) => `      ${quoted(place.path)}) offers=(${optionOffers(place.options)}) ;;`)
  .join('\n')}
    esac
    offers+=(${optionOffers(tree.common)})
    _describe -o option offers
    return
  fi
  case $at in
${places.flatMap(placeCase).join('\n')}
  esac
}
if [[ $funcstack[1] == _auxo-sync ]]; then _auxo_sync "$@"; else compdef _auxo_sync ${tree.name}; fi
`
}

function optionOffers(options: readonly VerbOption[]): string {
  return options.map(({ long, description }) => described(long, description)).join(' ')
}

/** `word:what it does`, as _describe takes it. */
function described(word: string, description: string): string {
  return quoted(`${word.replaceAll(':', '\\:')}:${brief(description)}`)
}

function offered(value: string, words: readonly string[]): string | null {
  const offer = offerFor(value, words)
  switch (offer.kind) {
    case 'words':
      return `compadd -- ${offer.words.join(' ')}`
    case 'list':
      return `compset -P '*,'; compadd -S '' -- ${offer.words.join(' ')}`
    case 'file':
      return '_files'
    case 'folder':
      return '_files -/'
    case 'nothing':
      return null
  }
}

function placeCase({ path, verbs, arguments: taken }: Place): string[] {
  const [first] = taken
  const offer = first ? offered(first.name, first.words) : null
  const condition = first && !first.isMany ? '((given == 0)) && ' : ''
  const list = verbs.map(({ name, description }) => described(name, description)).join(' ')
  if (verbs.length === 0 && offer === null) return []
  const action = verbs.length > 0 ? `offers=(${list}); _describe verb offers` : `${condition}${offer}`
  return [`    ${quoted(path)}) ${action} ;;`]
}

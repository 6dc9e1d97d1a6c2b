// Completion for bash 3.2 and later, without the package bash-completion. Where on the command line the cursor is, is found
// out by the script; what there is at each place is written into it.

import { offerFor, type VerbTree } from '../verb-tree.ts'
import { optionCases, optionsWithValue, type Place, placesOf, quoted, verbMoves } from './shell-words.ts'

/** The whole script; sourced, it completes `auxo-sync`. */
export function bashCompletion(tree: VerbTree): string {
  const places = placesOf(tree)
  return `# Completion of ${tree.name} ${tree.version} for bash. To have it in every shell:
#   mkdir -p ~/.local/share/bash-completion/completions
#   ${tree.name} completion bash > ~/.local/share/bash-completion/completions/${tree.name}
# or, without the package bash-completion, in ~/.bashrc:  eval "$(${tree.name} completion bash)"

_auxo_sync_words() { COMPREPLY=($(compgen -W "$1" -- "$cur")); }
_auxo_sync_list() {
  local head=''
  [[ $cur == *,* ]] && head="\${cur%,*},"
  cur=\${cur##*,}
  _auxo_sync_words "$1"
  COMPREPLY=("\${COMPREPLY[@]/#/$head}")
}
_auxo_sync_files() { compopt -o filenames 2>/dev/null; COMPREPLY=(); while IFS= read -r name; do COMPREPLY+=("$name"); done < <(compgen "$1" -- "$cur"); }

_auxo_sync() {
  local cur=\${COMP_WORDS[COMP_CWORD]} path='' option='' given=0 word name i
  local common='${tree.common.map(({ long }) => long).join(' ')}'
  COMPREPLY=()
  for ((i = 1; i < COMP_CWORD; i++)); do
    word=\${COMP_WORDS[i]}
    if [[ -n $option ]]; then
      # bash cuts --option=value into three words.
      [[ $word == '=' ]] || option=''
      continue
    fi
    case $word in
      ${optionsWithValue(tree).join('|')}) option=$word ;;
      -*) ;;
      *) case "$path/$word" in
           ${verbMoves(places)}) path="$path\${path:+ }$word"; given=0 ;;
           *) given=$((given + 1)) ;;
         esac ;;
    esac
  done
  [[ $cur == '=' ]] && cur=''
  if [[ -n $option ]]; then
    case "$path $option" in
${optionCases(tree, offered)}
    esac
    return
  fi
  if [[ $cur == -* ]]; then
    case $path in
${places.flatMap(optionsCase).join('\n')}
      *) _auxo_sync_words "$common" ;;
    esac
    return
  fi
  case $path in
${places.flatMap(placeCase).join('\n')}
  esac
}
complete -F _auxo_sync ${tree.name}
`
}

function offered(value: string, words: readonly string[]): string | null {
  const offer = offerFor(value, words)
  switch (offer.kind) {
    case 'words':
      return `_auxo_sync_words ${quoted(offer.words.join(' '))}`
    case 'list':
      return `_auxo_sync_list ${quoted(offer.words.join(' '))}`
    case 'file':
      return '_auxo_sync_files -f'
    case 'folder':
      return '_auxo_sync_files -d'
    case 'nothing':
      return null
  }
}

function optionsCase({ path, options }: Place): string[] {
  const own = options.map(({ long }) => long).join(' ')
  return own === '' ? [] : [`      ${quoted(path)}) _auxo_sync_words "${own} $common" ;;`]
}

function placeCase({ path, verbs, arguments: taken }: Place): string[] {
  const names = verbs.map(({ name }) => name).join(' ')
  const [first] = taken
  const offer = first ? offered(first.name, first.words) : null
  // Only a list of files goes on for ever.
  const condition = first && !first.isMany ? '((given == 0)) && ' : ''
  const action =
    names === '' ? (offer === null ? null : `${condition}${offer}`) : `_auxo_sync_words ${quoted(names)}`
  return action === null ? [] : [`    ${quoted(path)}) ${action} ;;`]
}

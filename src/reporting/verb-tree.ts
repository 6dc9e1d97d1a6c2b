// What the command line consists of, as a value: from it completion and the man page are written. Reading it from the
// program is verbs/tree.ts.

export interface VerbOption {
  /** `--format` */
  long: string
  /** `-h`; null where there is none. */
  short: string | null
  /** What stands for its value in the help: `file`, `date`; null for a switch. */
  value: string | null
  /** Its value may be left out (`--undo [run]`). */
  isValueOptional: boolean
  /** It takes several values. */
  isMany: boolean
  isRequired: boolean
  /** The values that it takes, where they are known beforehand. */
  words: readonly string[]
  description: string
}

export interface VerbArgument {
  name: string
  isRequired: boolean
  isMany: boolean
  words: readonly string[]
}

export interface Verb {
  name: string
  description: string
  arguments: readonly VerbArgument[]
  /** Its own, without the common ones. */
  options: readonly VerbOption[]
  verbs: readonly Verb[]
  /** Command lines, as its help has them. */
  examples: readonly string[]
  /** Paragraphs beside the examples. */
  notes: readonly string[]
}

export interface VerbTree {
  /** `auxo-sync` */
  name: string
  version: string
  description: string
  /** Options that stand without a verb. */
  options: readonly VerbOption[]
  /** Options that every verb takes. */
  common: readonly VerbOption[]
  verbs: readonly Verb[]
}

/** A verb with the words that lead to it: `contacts link`. */
export interface PlacedVerb {
  path: string
  verb: Verb
}

/** Every verb, groups before what is under them. */
export function allVerbs({ verbs }: { verbs: readonly Verb[] }, before = ''): PlacedVerb[] {
  return verbs.flatMap((verb) => {
    const path = before === '' ? verb.name : `${before} ${verb.name}`
    return [{ path, verb }, ...allVerbs(verb, path)]
  })
}

/** What a shell may offer for a value: words, several of them parted by commas, files, folders, or nothing that anybody could know. */
export type Offer =
  | { kind: 'words' | 'list'; words: readonly string[] }
  | { kind: 'file' | 'folder' | 'nothing' }

export function offerFor(value: string | null, words: readonly string[]): Offer {
  if (words.length > 0) return { kind: value === 'kinds' ? 'list' : 'words', words }
  if (value === 'file' || value === 'files') return { kind: 'file' }
  return { kind: value === 'folder' ? 'folder' : 'nothing' }
}

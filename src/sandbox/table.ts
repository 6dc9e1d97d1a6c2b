// Records by id, by indexes and in the order of their last change, with undo. Writing one record costs the same whether
// the table holds ten or ten thousand. What the records mean is the resources' business.

export interface Stored {
  readonly id: string
  /** UpdatedDateUTC, ms since 1970. */
  readonly updatedAt: number
}

/** Remembers how to take back what was put into an organisation's tables since `begin`. */
export class Changes {
  #undo: (() => void)[] | null = null
  #made = 0

  /** Grows with every change: the state file is written when it has moved. */
  get made(): number {
    return this.#made
  }

  note(undo: () => void): void {
    this.#made += 1
    this.#undo?.push(undo)
  }

  begin(): void {
    this.#undo = []
  }

  keep(): void {
    this.#undo = null
  }

  takeBack(): void {
    const undo = this.#undo ?? []
    this.#undo = null
    for (const step of undo.reverse()) step()
  }
}

/** Ids by a key that several records may share, in order of arrival. */
export class Index<T extends Stored> {
  readonly #keysOf: (record: T) => readonly string[]
  readonly #ids = new Map<string, Set<string>>()

  constructor(keysOf: (record: T) => readonly string[]) {
    this.#keysOf = keysOf
  }

  ids(key: string): readonly string[] {
    return [...(this.#ids.get(key) ?? [])]
  }

  add(record: T): void {
    for (const key of this.#keysOf(record)) {
      const ids = this.#ids.get(key)
      if (ids) ids.add(record.id)
      else this.#ids.set(key, new Set([record.id]))
    }
  }

  drop(record: T): void {
    for (const key of this.#keysOf(record)) {
      const ids = this.#ids.get(key)
      ids?.delete(record.id)
      if (ids?.size === 0) this.#ids.delete(key)
    }
  }
}

/** A table as the state file sees it. */
export interface SavedTable {
  all(): readonly Stored[]
  load(records: readonly Stored[]): void
}

interface FeedEntry {
  readonly id: string
  readonly updatedAt: number
}

export class Table<T extends Stored> {
  readonly #changes: Changes
  readonly #indexes: readonly Index<T>[]
  readonly #records = new Map<string, T>()
  /** UpdatedDateUTC ascending, then id (§2.3); holds superseded entries until they are half of it. */
  #feed: FeedEntry[] = []
  readonly #latest = new Map<string, FeedEntry>()
  #isSorted = true

  constructor(changes: Changes, indexes: readonly Index<T>[] = []) {
    this.#changes = changes
    this.#indexes = indexes
  }

  get size(): number {
    return this.#records.size
  }

  get(id: string): T | undefined {
    return this.#records.get(id)
  }

  find(index: Index<T>, key: string): T[] {
    return index.ids(key).flatMap((id) => this.#records.get(id) ?? [])
  }

  put(record: T): void {
    const before = this.#records.get(record.id)
    this.#changes.note(() => (before ? this.#set(before) : this.#remove(record.id)))
    this.#set(record)
  }

  /** Moves UpdatedDateUTC alone. */
  touch(id: string, updatedAt: number): void {
    const record = this.#records.get(id)
    if (record) this.put({ ...record, updatedAt })
  }

  /** Fills an empty table from a state file. */
  load(records: readonly T[]): void {
    for (const record of records) this.#set(record)
  }

  /** In Xero's default order: UpdatedDateUTC ascending, then id. */
  all(): T[] {
    return this.changedSince(Number.NEGATIVE_INFINITY)
  }

  changedSince(ms: number): T[] {
    this.#sort()
    const found: T[] = []
    for (let at = this.#firstAtOrAfter(ms); at < this.#feed.length; at += 1) {
      const entry = this.#feed[at]
      const record = entry && this.#latest.get(entry.id) === entry ? this.#records.get(entry.id) : undefined
      if (record) found.push(record)
    }
    return found
  }

  #set(record: T): void {
    const before = this.#records.get(record.id)
    for (const index of this.#indexes) {
      if (before) index.drop(before)
      index.add(record)
    }
    this.#records.set(record.id, record)
    const entry: FeedEntry = { id: record.id, updatedAt: record.updatedAt }
    const last = this.#feed.at(-1)
    if (last && byChange(last, entry) > 0) this.#isSorted = false
    this.#feed.push(entry)
    this.#latest.set(record.id, entry)
    if (this.#feed.length > 2 * this.#records.size + 64) this.#dropSuperseded()
  }

  #remove(id: string): void {
    const before = this.#records.get(id)
    if (!before) return
    for (const index of this.#indexes) index.drop(before)
    this.#records.delete(id)
    this.#latest.delete(id)
  }

  #dropSuperseded(): void {
    this.#feed = this.#feed.filter((entry) => this.#latest.get(entry.id) === entry)
  }

  #sort(): void {
    if (this.#isSorted) return
    this.#dropSuperseded()
    this.#feed.sort(byChange)
    this.#isSorted = true
  }

  #firstAtOrAfter(ms: number): number {
    let low = 0
    let high = this.#feed.length
    while (low < high) {
      const middle = (low + high) >> 1
      if ((this.#feed[middle]?.updatedAt ?? 0) < ms) low = middle + 1
      else high = middle
    }
    return low
  }
}

function byChange(a: FeedEntry, b: FeedEntry): number {
  if (a.updatedAt !== b.updatedAt) return a.updatedAt - b.updatedAt
  return a.id < b.id ? -1 : a.id > b.id ? 1 : 0
}

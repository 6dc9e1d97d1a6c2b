// A journal as the rules look at it: the entry that would be sent, whatever it comes of, and how findings name it. Rules
// judge it; this file judges nothing.

import type { Books } from '../accounting/books.ts'
import type { PlainDate } from '../accounting/calendar.ts'
import type { Finding } from '../accounting/findings.ts'
import type { EntryLine, JournalEntry } from '../accounting/journal-entry.ts'
import { kindNames, type ThingKind } from '../accounting/kinds.ts'
import type { Complaint } from './document-view.ts'

/** What is judged: a thing that goes out as a journal. */
export interface JournalThing {
  kind: ThingKind
  id: string
  /** What people call it: a document's number, else the id. */
  number: string
  entry: JournalEntry
}

export interface JournalContext {
  books: Books
  /** Today where the organisation is, else in the region's time zone (I3). */
  today: PlainDate
}

export interface JournalView {
  thing: JournalThing
  entry: JournalEntry
  context: JournalContext
}

export type JournalRule = (view: JournalView) => readonly Finding[]

/** "Journal J-7 has no lines." with why and fix. */
export function complainOfJournal(thing: Omit<JournalThing, 'entry'>, complaint: Complaint): Finding {
  return journalFinding(thing, complaint, '')
}

/** "Journal J-7, line 2, has no account." Lines of an entry count from 1; those of 0.00 are not among them. */
export function complainOfEntryLine(view: JournalView, line: EntryLine, complaint: Complaint): Finding {
  const position = view.entry.lines.indexOf(line) + 1
  const field = `lines[${position}]${complaint.field ? `.${complaint.field}` : ''}`
  return journalFinding(view.thing, { ...complaint, field }, `, line ${position},`)
}

function journalFinding(
  { kind, id, number }: Omit<JournalThing, 'entry'>,
  complaint: Complaint,
  place: string,
): Finding {
  const name = kindNames[kind].one
  const called = number.trim() || id
  return {
    kind,
    id,
    number: called,
    code: complaint.code,
    severity: complaint.severity ?? 'error',
    field: complaint.field ?? null,
    message: `${name.charAt(0).toUpperCase()}${name.slice(1)} ${called}${place} ${complaint.message}`,
    why: complaint.why,
    fix: complaint.fix,
    xeroMessages: [],
  }
}

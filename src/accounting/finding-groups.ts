// Findings put together by their cause, so that 80 documents with one wrong account are one thing to do. The findings themselves are
// never changed by it; how a group is told is reporting/.

import type { Finding } from './findings.ts'

export interface FindingGroup {
  /** The first of them stands for all. */
  first: Finding
  /** The things that it concerns, each once. */
  subjects: { id: string; number: string }[]
  xeroMessages: string[]
}

/** Groups in the order of their first finding; one document counts once in a group, however many lines it has. */
export function groupFindings(findings: readonly Finding[]): FindingGroup[] {
  const groups = new Map<string, FindingGroup & { ids: Set<string> }>()
  for (const finding of findings) {
    const key = causeOf(finding)
    const group = groups.get(key) ?? {
      first: finding,
      subjects: [],
      xeroMessages: [],
      ids: new Set<string>(),
    }
    groups.set(key, group)
    if (!group.ids.has(finding.id)) {
      group.ids.add(finding.id)
      group.subjects.push({ id: finding.id, number: finding.number })
    }
    for (const words of finding.xeroMessages) {
      if (group.xeroMessages.length < xeroMessagesMax && !group.xeroMessages.includes(words)) {
        group.xeroMessages.push(words)
      }
    }
  }
  return [...groups.values()].map(({ ids: _, ...group }) => group)
}

const xeroMessagesMax = 3

/** What is the same in all findings of one cause: everything but the document, its line, its dates and amounts. */
export function causeOf(finding: Finding): string {
  return [
    finding.kind,
    finding.severity,
    finding.code,
    withoutParticulars(finding.message, finding.number),
    withoutParticulars(finding.fix, finding.number),
  ].join('\n')
}

function withoutParticulars(text: string, number: string): string {
  // "PAY-1 on INV-1" may be spoken of by either of its halves.
  return [number, ...number.split(/ on | of /)]
    .reduce(withoutNumber, text)
    .replaceAll(/\bline \d+/g, 'line …')
    .replaceAll(/\b\d{1,2} [A-Z][a-z]{2} \d{4}\b/g, '…')
    .replaceAll(/-?\b\d[\d,]*\.\d\d\b/g, '…')
}

const letterOrDigit = /[\p{L}\p{N}]/u

/** The document's own number wherever it stands as a word: "1" is not taken out of "100". */
function withoutNumber(text: string, number: string): string {
  if (number === '') return text
  return text.split(number).reduce((before, after) => {
    const isWord = !letterOrDigit.test(before.at(-1) ?? '') && !letterOrDigit.test(after[0] ?? '')
    return `${before}${isWord ? '…' : number}${after}`
  })
}

// Manual journals as Xero shows them. No form has a DateString or a number, and a list without pages has no lines (§4.7).

import { shownAttachments } from './attachment-view.ts'
import type { Call } from './call.ts'
import { msDate, msOfDate, readDate } from './dates.ts'
import { zeroGuid } from './guid.ts'
import { type JsonObject, textOf } from './json.ts'
import type { JournalLine, ManualJournal } from './manual-journal-record.ts'

type Form = 'written' | 'single' | 'listed' | 'unpaged'

export function showManualJournal(call: Call, journal: ManualJournal, form: Form): JsonObject {
  return {
    Date: msDate(msOfDate(journal.date)),
    Status: journal.status,
    LineAmountTypes: journal.lineAmountTypes,
    UpdatedDateUTC: msDate(journal.updatedAt),
    ManualJournalID: journal.id,
    Narration: journal.narration,
    JournalLines: form === 'unpaged' ? [] : journal.lines.map((line) => showLine(call, line, form)),
    Url: journal.url ?? undefined,
    ShowOnCashBasisReports: journal.showOnCashBasisReports,
    ...(form === 'written' ? {} : shownAttachments(call, 'ManualJournals', journal.id, form === 'single')),
  }
}

function showLine(call: Call, line: JournalLine, form: Form): JsonObject {
  const account = line.accountId === null ? undefined : call.organisation.accounts.get(line.accountId)
  return {
    Description: line.description ?? undefined,
    TaxType: line.taxType ?? undefined,
    TaxAmount: line.taxAmount / 100,
    LineAmount: line.lineAmount / 100,
    AccountCode: account?.code ?? undefined,
    Tracking: line.tracking.map((entry) => ({
      Name: entry.name,
      Option: entry.option,
      TrackingCategoryID: entry.categoryId,
      ...(form === 'listed' ? {} : { TrackingOptionID: entry.optionId }),
    })),
    AccountID: account?.id,
    IsBlank: line.isBlank,
  }
}

/** The echo of a refusal: what was sent, over what is stored; a refused create has the zero id (§3.2, §0.1). */
export function refusedManualJournal(call: Call, before: ManualJournal | null, sent: JsonObject): JsonObject {
  const date = readDate(textOf(sent, 'Date') ?? '')
  return {
    ...(before ? showManualJournal(call, before, 'written') : {}),
    ...sent,
    ...(date === null ? {} : { Date: msDate(msOfDate(date)) }),
    ManualJournalID: before?.id ?? zeroGuid,
  }
}

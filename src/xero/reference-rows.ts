// The rows of the feeds of reference data: items with what they bring to lines, manual journals with their lines, journals that Xero
// generated. Strict on the few members that are used, like the rows of documents.

import * as z from 'zod'
import { type E4, e4, subtractCents } from '../accounting/money.ts'
import type { FeedItem, FeedItemSide, FeedJournal, FeedJournalLine, GeneratedJournal } from './found.ts'
import { date, flag, id, idOrNull, instant, moneyOrNull, moneyOrZero, text } from './row-values.ts'

/** More than this is beyond what ten-thousandths can hold exactly. */
const e4Max = 9e11
/** A price or a quantity; null where there is none. */
const e4OrNull = z
  .number()
  .min(-e4Max)
  .max(e4Max)
  .nullish()
  .transform((value): E4 | null => (value == null ? null : e4(Math.round(value * 10_000))))

const side = z
  .object({ UnitPrice: e4OrNull, AccountCode: text, TaxType: text })
  .nullish()
  .transform(
    (row): FeedItemSide => ({
      price: row?.UnitPrice ?? null,
      account: row?.AccountCode ?? null,
      taxType: row?.TaxType ?? null,
    }),
  )

const itemRow = z
  .object({
    ItemID: id,
    Code: z.string(),
    Name: text,
    Description: text,
    PurchaseDescription: text,
    SalesDetails: side,
    PurchaseDetails: side,
    IsTrackedAsInventory: flag,
    QuantityOnHand: e4OrNull,
    TotalCostPool: moneyOrNull,
    UpdatedDateUTC: instant,
  })
  .transform(
    (row): FeedItem => ({
      xeroId: row.ItemID,
      code: row.Code,
      name: row.Name,
      description: row.Description ?? row.PurchaseDescription,
      sale: row.SalesDetails,
      purchase: row.PurchaseDetails,
      isTracked: row.IsTrackedAsInventory,
      quantityOnHand: row.QuantityOnHand,
      totalCost: row.TotalCostPool,
      updatedAt: row.UpdatedDateUTC,
    }),
  )
export const feedItemRows = z.object({ Items: z.array(itemRow) }).transform((list) => list.Items)

const tracking = z
  .array(z.object({ Name: text, Option: text }))
  .nullish()
  .transform((list) =>
    (list ?? []).map(({ Name, Option }) => ({ category: Name ?? '', option: Option ?? '' })),
  )

const manualLine = z.object({
  AccountCode: text,
  AccountID: idOrNull,
  Description: text,
  TaxType: text,
  LineAmount: moneyOrZero,
  TaxAmount: moneyOrZero,
  Tracking: tracking,
})

const manualJournalRow = z
  .object({
    ManualJournalID: id,
    Narration: text,
    Date: date,
    LineAmountTypes: text,
    JournalLines: z.array(manualLine).nullish(),
    Status: z.string(),
    Url: text,
    UpdatedDateUTC: instant,
  })
  .transform(
    (row): FeedJournal => ({
      xeroId: row.ManualJournalID,
      status: row.Status,
      narration: row.Narration ?? '',
      date: row.Date,
      url: row.Url,
      lines: (row.JournalLines ?? []).map(
        (line): FeedJournalLine => ({
          account: line.AccountCode ?? line.AccountID,
          description: line.Description,
          amount:
            row.LineAmountTypes === 'Inclusive'
              ? subtractCents(line.LineAmount, line.TaxAmount)
              : line.LineAmount,
          taxType: line.TaxType,
          tax: line.TaxAmount,
          tracking: line.Tracking,
        }),
      ),
      updatedAt: row.UpdatedDateUTC,
    }),
  )
export const feedJournalRows = z
  .object({ ManualJournals: z.array(manualJournalRow) })
  .transform((list) => list.ManualJournals)

const generatedLine = z
  .object({
    AccountCode: text,
    AccountID: idOrNull,
    AccountName: text,
    Description: text,
    NetAmount: moneyOrZero,
    TaxAmount: moneyOrZero,
    TaxType: text,
    TrackingCategories: tracking,
  })
  .transform((row) => ({
    account: row.AccountCode ?? row.AccountID,
    accountName: row.AccountName,
    description: row.Description,
    amount: row.NetAmount,
    taxType: row.TaxType,
    tax: row.TaxAmount,
    tracking: row.TrackingCategories,
  }))

const generatedRow = z
  .object({
    JournalID: id,
    JournalNumber: z.number().int().positive(),
    JournalDate: date,
    CreatedDateUTC: instant,
    Reference: text,
    SourceID: idOrNull,
    SourceType: text,
    JournalLines: z.array(generatedLine).nullish(),
  })
  .transform(
    (row): GeneratedJournal => ({
      xeroId: row.JournalID,
      number: row.JournalNumber,
      date: row.JournalDate,
      createdAt: row.CreatedDateUTC,
      reference: row.Reference,
      sourceId: row.SourceID,
      sourceType: row.SourceType,
      lines: row.JournalLines ?? [],
    }),
  )
export const generatedRows = z.object({ Journals: z.array(generatedRow) }).transform((list) => list.Journals)

// What nobody outside Xero knows for certain, as named switches: each names the question, its default the answer that
// seems likelier or, where a wrong guess would be cheap, the stricter one. Tests and simulations run both ways.

export interface Switches {
  /** Without summarizeErrors=false: are the good elements of a batch with a bad one stored? (§3.2) */
  defaultModeStoresGood: boolean
  /** Elements of a 400: only the bad ones, or all? (§3.2) */
  refusalLists: 'bad' | 'all'
  /** Elements of a 400: only property names that Xero publishes for them, or everything that was sent? */
  refusalEcho: 'published' | 'full'
  /** Unknown or wrongly-cased properties and query parameters. Xero seems to ignore them; a test double must not. */
  unknownProperties: 'refused' | 'ignored'
  /** A second call with a key whose first call still runs (§3.4). */
  sameKeyInFlight: 'waits' | 'conflict' | 'executes-twice'
  /** Are 400 validation answers kept under the idempotency key and replayed? (§9) */
  cachesValidationErrors: boolean
  /** Is a change in the very second of If-Modified-Since part of the answer? (§5) */
  modifiedSinceInclusive: boolean
  /** Rounding of exact half cents (§6). */
  halfRounding: 'away' | 'even'
  /** Does an approved document of 0.00 become PAID at once? (§4.3) */
  zeroTotalPaid: boolean
  /** Documents whose total is below zero (§4.3). */
  negativeTotal: 'refused' | 'accepted'
  /** SubTotal, TotalTax or Total sent and wrong: the published text says ignored, live reports say refused (§4.3). */
  wrongTotals: 'refused' | 'ignored'
  /** Approvals a calendar month on a capped plan, or null for no cap (§4.1). */
  approvalCap: { ACCREC: number; ACCPAY: number } | null
  /** May the number of a DELETED sales invoice be used again? (§3.3) */
  deletedNumberFree: boolean
  /** May the number of a VOIDED sales invoice be used again? (§3.3) */
  voidedNumberFree: boolean
  /** POST of a bill with a number that another bill has: sources contradict each other (§3.1). */
  billPostByNumber: 'creates' | 'edits'
  /** Reference on a bill (§4.3). */
  billReference: 'ignored' | 'kept'
  /** A name in a document's Contact that no active contact has (§4.2). */
  unknownContactName: 'created' | 'refused'
  /** Archiving a contact that has live documents (§4.2). */
  archiveWithDocuments: 'allowed' | 'refused'
  /** Leading, trailing or doubled spaces in a contact's name (§4.2). */
  contactNameSpaces: 'refused' | 'trimmed'
  /** People of a contact, where a change of it says nothing of people (§4.2). */
  unlistedPeople: 'dropped' | 'kept'
  /** A phone that is sent as one number with its country's code: kept so, or in parts. */
  phoneParts: 'kept' | 'split'
  /** Postcodes of a contact: kept as they are written, or put into capitals. */
  postcodes: 'kept' | 'capitals'
  /** Unknown or archived tracking categories and options on a line (§9). */
  unknownTracking: 'warning' | 'refused'
  /** Accounts of type INVENTORY on a line without a tracked item (§4.7 knows it for journals only). */
  inventoryAccountOnLines: 'refused' | 'allowed'
  /** Revenue accounts on bills and expense accounts on sales invoices (§4.1). */
  accountClasses: 'any' | 'strict'
  /** Documents in DRAFT or SUBMITTED dated in a locked period. */
  draftsInLockedPeriod: 'refused' | 'allowed'
  /** Editing a document in a locked period: an error, or a 200 whose only sign is a ValidationErrors text (§3.2). */
  lockedEdit: 'error' | 'text-only'
  /** Editing amounts of a bill that has payments: refused, or answered 200 and left as it was (§3.2). */
  paidBillEdit: 'refused' | 'silent'
  /** Does an edit without CurrencyRate fetch the day's rate anew? (§6) */
  rateOnEdit: 'kept' | 'reset'
  /** A line that names an item and leaves out description, price or account: are they the item's? (§4.8) */
  itemDefaults: 'filled' | 'left-out'
  /** Editing a BILLED purchase order beyond its status (§4.9). */
  billedOrderEdit: 'refused' | 'allowed'
  /** An account code that a manual journal names and the chart has not: refused, or dropped with a warning (§4.1). */
  unknownJournalAccount: 'refused' | 'removed'
  /** Lines of manual journals in a list without `page`: the description and the field reports differ (§4.7). */
  unpagedJournalLines: 'left-out' | 'shown'
  /**
   * Journals that Xero generates are for few apps: the token cannot have the scope, the call is answered 401 or 403, or they are
   * there (§4.9).
   */
  journalsPlan: 'no-scope' | 'unauthorised' | 'forbidden' | 'allowed'
  /** The size of one attachment: Xero's pages name both (§2.3). */
  attachmentLimit: '25MB' | '10MB'
  /** PUT of a file under a name that the document has already: the description says create, not what becomes of the first. */
  sameFileName: 'adds' | 'replaces'
  /** Does an attachment or a note move its document's UpdatedDateUTC? (§5) */
  extrasMoveUpdated: boolean
  /** History notes on payments, prepayments and overpayments: listed as supported and published as failing (§4.9). */
  paymentNotes: 'refused' | 'accepted'
  /** The number of a supplier's credit note: the description tells of none, the web pages have it (§4.4). */
  supplierCreditNumber: 'kept' | 'dropped'
  /** Does the answer to an allocation name its id? Published answers do not (§4.6). */
  allocationAnswerId: 'without' | 'with'
  /** Whether allocations, and their removal, move UpdatedDateUTC of the credit and of the invoice (§5). */
  allocationDates: 'moved' | 'kept-on-removal' | 'kept'
  /** summarizeErrors=false on payments and allocations: verdicts for each, or one bad one refuses all (§3.2, trap 7). */
  paymentVerdicts: 'each' | 'whole'
  /** Are DELETED payments part of the list? (§4.5) */
  listsDeletedPayments: boolean
  /** Does deleting a payment or a refund move UpdatedDateUTC of its document? Its own moves. (§9) */
  paymentDeletionDates: 'moved' | 'kept'
  /** Are VOIDED prepayments and overpayments part of their lists? (§9) */
  listsVoidedDeposits: boolean
  /** `summaryOnly=true`: do rows of invoices say AmountPaid and AmountCredited? They keep AmountDue. (§2.3) */
  summaryAmounts: 'kept' | 'left-out'
  /** A payment's Reference above 255 characters (§4.5). */
  longPaymentReference: 'kept' | 'cut'
  /** A payment dated before its document (§9). */
  paymentBeforeDocument: 'accepted' | 'refused'
  /** Deleting a payment that is reconciled (§4.5). */
  reconciledPaymentDelete: 'refused' | 'allowed'
  /** LineAmountTypes of a bank transaction that does not say: the published text and its example differ. */
  bankLineAmountTypes: 'Inclusive' | 'Exclusive'
  /** Reference of a prepayment or overpayment: published as for SPEND and RECEIVE only, and shown on overpayments. */
  creditTransactionReference: 'kept' | 'ignored'
  /** Deleting the bank transaction of an unused prepayment or overpayment. */
  creditTransactionDelete: 'refused' | 'allowed'
  /** A token request without `scope` (xero-node sends `scopes`, §1.1). */
  tokenWithoutScope: 'all' | 'refused'
  /** A refresh token that is used a second time within its grace: is the answer the pair of the first time, or a new one? (§1.2) */
  graceRefresh: 'same-pair' | 'new-pair'
  /** Does a person's token open what was consented to at other log-ins of the same app, too? (§1.2) */
  tokenReach: 'every-consent' | 'own-consent'
  /** May several organisations be picked in one consent? For few apps only (§1.1). */
  bulkConnections: boolean
  /** The status of a call whose token lacks the scope (§1.5). */
  missingScope: '401' | '403'
  /** The header's word for it: Xero's FAQ spells it in another way (§1.5). */
  scopeSpelling: 'insufficient_scope' | 'insufficent_scope'
}

export const defaultSwitches: Switches = {
  defaultModeStoresGood: false,
  refusalLists: 'bad',
  refusalEcho: 'published',
  unknownProperties: 'refused',
  sameKeyInFlight: 'waits',
  cachesValidationErrors: true,
  modifiedSinceInclusive: true,
  halfRounding: 'away',
  zeroTotalPaid: true,
  negativeTotal: 'refused',
  wrongTotals: 'refused',
  approvalCap: null,
  deletedNumberFree: true,
  voidedNumberFree: false,
  billPostByNumber: 'creates',
  billReference: 'ignored',
  unknownContactName: 'created',
  archiveWithDocuments: 'allowed',
  contactNameSpaces: 'refused',
  unlistedPeople: 'dropped',
  phoneParts: 'kept',
  postcodes: 'kept',
  unknownTracking: 'warning',
  inventoryAccountOnLines: 'refused',
  accountClasses: 'any',
  draftsInLockedPeriod: 'refused',
  lockedEdit: 'error',
  paidBillEdit: 'refused',
  rateOnEdit: 'kept',
  itemDefaults: 'filled',
  billedOrderEdit: 'refused',
  unknownJournalAccount: 'refused',
  unpagedJournalLines: 'left-out',
  journalsPlan: 'no-scope',
  attachmentLimit: '25MB',
  sameFileName: 'adds',
  extrasMoveUpdated: false,
  paymentNotes: 'refused',
  supplierCreditNumber: 'kept',
  allocationAnswerId: 'without',
  allocationDates: 'moved',
  paymentVerdicts: 'each',
  listsDeletedPayments: true,
  paymentDeletionDates: 'moved',
  listsVoidedDeposits: true,
  summaryAmounts: 'kept',
  longPaymentReference: 'kept',
  paymentBeforeDocument: 'accepted',
  reconciledPaymentDelete: 'refused',
  bankLineAmountTypes: 'Inclusive',
  creditTransactionReference: 'kept',
  creditTransactionDelete: 'refused',
  tokenWithoutScope: 'all',
  graceRefresh: 'same-pair',
  tokenReach: 'every-consent',
  bulkConnections: false,
  missingScope: '401',
  scopeSpelling: 'insufficient_scope',
}

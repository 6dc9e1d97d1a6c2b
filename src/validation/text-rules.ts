// Text that Xero cannot take: too long, with characters that no document should have, or an address that is none. The
// limits are Xero's (§4.2, §4.3); the text is judged as it would be sent.

import { xeroNumberOf } from '../accounting/books.ts'
import type { Finding } from '../accounting/findings.ts'
import type { DocumentForm } from '../mapping/document-form.ts'
import { sentDescriptions } from '../mapping/posted-lines.ts'
import { lineDescription, referenceOf } from '../mapping/templates.ts'
import { type Complaint, complain, complainOfLine, type DocumentView } from './document-view.ts'

const numberMax = 255
const referenceMax = 255
const descriptionMax = 4000

/** What is wrong with a text; null where nothing is. Lines and tabs are fine where a text may have several lines. */
export function textProblem(
  text: string,
  limit: number,
  options: { mayHaveLines?: boolean } = {},
): Pick<Complaint, 'code' | 'message' | 'why' | 'fix'> | null {
  if (text.length > limit)
    return {
      code: 'text-too-long',
      message: `has ${text.length.toLocaleString('en')} characters`,
      why: `Xero takes ${limit.toLocaleString('en')} characters there.`,
      fix: 'Shorten the text in the ledger.',
    }
  const visible = options.mayHaveLines ? text.replaceAll(/[\r\n\t]/g, '') : text
  if (/\p{Cc}|\p{Surrogate}/u.test(visible))
    return {
      code: 'text-invalid',
      message: 'has characters that cannot be shown',
      why: 'Control characters and halves of characters do not survive the way to Xero.',
      fix: 'Retype the text in the ledger.',
    }
  return null
}

/** The problem as a sentence about a field: "has a reference that has 300 characters." */
function about(field: string, words: string, problem: ReturnType<typeof textProblem>): Complaint | null {
  return problem && { ...problem, field, message: `has ${words} that ${problem.message}.` }
}

export function checkTexts(view: DocumentView): Finding[] {
  const { document, context } = view
  const number = xeroNumberOf(document.number, context.books)
  const complaints = [
    about('number', 'a number', textProblem(number, numberMax)),
    about('reference', 'a reference', textProblem(sentReference(view), referenceMax)),
  ]
  return complaints.flatMap((complaint) => (complaint ? [complain(view, complaint)] : []))
}

/** Bills and supplier credits have no reference of ours, orders only their own (§4.3, §4.4). */
function sentReference({ document, form, context }: DocumentView): string {
  if (form === 'sales_invoice' || form === 'sales_credit') return referenceOf(document, context.books) ?? ''
  return form === 'purchase_order' ? (document.reference ?? '') : ''
}

export function checkDescriptions(view: DocumentView): Finding[] {
  const { document, context, totals, form, sent } = view
  // Journals have no prices, in words neither.
  const descriptions =
    totals?.fits && form !== 'journal'
      ? sentDescriptions(sent, totals, context.books, form)
      : document.lines.map((line) => lineDescription(line, document, context.books))
  return view.lines.flatMap((line, index) => {
    const text = descriptions[index] ?? ''
    const problem = textProblem(text, descriptionMax, { mayHaveLines: true })
    const complaint = about('description', 'a description', problem)
    return complaint ? [complainOfLine(view, line, complaint)] : []
  })
}

/** Forms that have a link in Xero; elsewhere the ledger's is not sent. */
const linkedForms: readonly DocumentForm[] = ['sales_invoice', 'bill', 'order_as_bill']

export function checkUrl(view: DocumentView): Finding[] {
  const { url } = view.document
  if (!url || !linkedForms.includes(view.form)) return []
  const isAddress = /^https?:\/\/[^\s]+$/i.test(url) && textProblem(url, descriptionMax) === null
  if (isAddress && !/xero/i.test(url)) return []
  return [
    complain(view, {
      code: 'text-invalid',
      field: 'url',
      message: isAddress
        ? `has the link ${url}, in which “xero” stands.`
        : `has the link “${url}”, which is none.`,
      why: 'Xero shows the link as “Go to”, and takes only web addresses without its own name in them.',
      fix: 'Correct the url of the document in the ledger, or leave it empty.',
    }),
  ]
}

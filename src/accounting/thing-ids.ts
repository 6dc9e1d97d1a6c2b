// Ids of things that are made of two ids: a payment on a document, a credit on an invoice, a file of a document. A slash or
// percent sign within the first is written %2F and %25, so that no two pairs look alike; the triggers write the same.

/** `payment/document`. The second may be anything, slashes included. */
export function pairId(first: string, second: string): string {
  return `${escaped(first)}/${second}`
}

/** Both halves of a `pairId`; RangeError where the text is none. */
export function splitPair(id: string): [first: string, second: string] {
  const slash = id.indexOf('/')
  if (slash < 0) throw new RangeError(`“${id}” is not made of two ids`)
  return [id.slice(0, slash).replaceAll('%2F', '/').replaceAll('%25', '%'), id.slice(slash + 1)]
}

function escaped(id: string): string {
  return id.replaceAll('%', '%25').replaceAll('/', '%2F')
}

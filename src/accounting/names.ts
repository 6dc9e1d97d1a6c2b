// How names of contacts are compared: Xero keeps them unique ignoring case and shows no difference between one space
// and several (§4.2). The ledger's index, matching and the rules all use the same key.

/** Without surrounding space and with single spaces inside: the only form that Xero takes (§4.2). */
export function tidySpaces(text: string): string {
  return text.trim().replaceAll(/\s+/g, ' ')
}

/** Equal for two names that Xero, or a person, would take for the same. */
export function nameKey(name: string): string {
  return tidySpaces(name.normalize('NFC')).toLowerCase()
}

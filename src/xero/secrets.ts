// Keeps what is secret out of everything that leaves this folder: log rows, reasons, errors (Z3). It knows the secrets
// of this run by value, because a proxy's error page may echo a header that we never print ourselves.

const hidden = '[hidden]'

/** Members of token requests and answers, and an organisation's APIKey, by name; also where the value is cut off. */
const secretMembers =
  /("(?:access_token|refresh_token|id_token|client_secret|code_verifier|APIKey)"\s*:\s*")(?:[^"\\]|\\.)*/g
const secretFields = /((?:^|[&?\s])(?:client_secret|refresh_token|code_verifier)=)[^&\s]+/g

export interface Secrets {
  /** From now on this text is hidden wherever it stands. */
  add(secret: string): void
  hideInText(text: string): string
  /** The same bytes where nothing was hidden. */
  hideInBody(body: Uint8Array): Uint8Array
}

export function createSecrets(): Secrets {
  const needles = new Set<string>()

  const hideInText = (text: string): string => {
    let clean = text
    for (const needle of needles) {
      if (clean.includes(needle)) clean = clean.replaceAll(needle, hidden)
    }
    return clean.replace(secretMembers, `$1${hidden}`).replace(secretFields, `$1${hidden}`)
  }

  return {
    add(secret) {
      if (secret.length < 8) return // so short that hiding it would blot out ordinary words
      // JSON may escape the slashes of base64, forms percent-encode them.
      for (const form of [secret, secret.replaceAll('/', '\\/'), encodeURIComponent(secret)])
        needles.add(form)
    },
    hideInText,
    hideInBody(body) {
      const bytes = Buffer.from(body.buffer, body.byteOffset, body.byteLength)
      // The names are looked for by their rarest part: these searches run over every answer.
      const isSuspect =
        ['_token', '_secret', '_verifier', 'APIKey'].some((part) => bytes.includes(part)) ||
        [...needles].some((needle) => bytes.includes(needle))
      return isSuspect ? Buffer.from(hideInText(bytes.toString('latin1')), 'latin1') : body
    },
  }
}

// Telephone numbers as one form, so that +64 21 123 456 and 021 123456 are seen to be the same (K4). Only for comparing:
// numbers are sent as the ledger writes them.

/** Dialling codes of the regions (regions.ts). */
const diallingCodes: Record<string, string> = {
  NZ: '64',
  AU: '61',
  GB: '44',
  US: '1',
  CA: '1',
  SG: '65',
  ZA: '27',
  HK: '852',
  IE: '353',
  DE: '49',
  FR: '33',
  NL: '31',
  ES: '34',
  IT: '39',
  FJ: '679',
  MY: '60',
  PH: '63',
  IN: '91',
  AE: '971',
  KE: '254',
  JP: '81',
}

/** Fewer digits than this are an extension or a typing error, and agree with nothing. */
const digitsMin = 6
/** A number that starts with its country's code and has at least this many digits has that code in front. */
const internationalDigitsMin = 10

/** Digits with the country's code in front and without trunk zeros; null where it is no telephone number. */
export function phoneKey(phone: string, regionCode: string): string | null {
  const text = phone.trim()
  const digits = text.replaceAll(/\D/g, '')
  if (digits.length < digitsMin) return null
  const code = diallingCodes[regionCode] ?? ''
  const isInternational = text.startsWith('+') || digits.startsWith('00')
  const whole = digits.replace(/^00/, '')
  if (code !== '' && whole.startsWith(code) && (isInternational || whole.length >= internationalDigitsMin))
    return code + whole.slice(code.length).replace(/^0+/, '')
  if (isInternational) return whole
  return code + digits.replace(/^0+/, '')
}

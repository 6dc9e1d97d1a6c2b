// What a country decides before Xero has been asked: currency, time zone, tax types by the names that Xero shows (§6).
// Once the organisation has been read, the mirror wins.

import type { E4 } from './money.ts'

export interface RegionTax {
  taxType: string
  name: string
  /** e4 percent. */
  rate: E4
}

export interface Region {
  code: string
  currency: string
  timeZone: string
  /** The type that means "no tax" on any account, for rounding lines and lines without a tax code. */
  noTaxType: string
  taxes: readonly RegionTax[]
  /** How dates are written in files from there. */
  dateOrder: 'dmy' | 'mdy'
}

const tax = (taxType: string, name: string, percent: number): RegionTax => ({
  taxType,
  name,
  rate: Math.round(percent * 10_000) as E4,
})

const regions: Record<string, Region> = {
  NZ: {
    code: 'NZ',
    currency: 'NZD',
    timeZone: 'Pacific/Auckland',
    noTaxType: 'NONE',
    dateOrder: 'dmy',
    taxes: [
      tax('OUTPUT2', '15% GST on Income', 15),
      tax('INPUT2', '15% GST on Expenses', 15),
      tax('ZERORATED', 'Zero Rated', 0),
      tax('NONE', 'No GST', 0),
      tax('GSTONIMPORTS', 'GST on Imports', 0),
    ],
  },
  AU: {
    code: 'AU',
    currency: 'AUD',
    timeZone: 'Australia/Sydney',
    noTaxType: 'BASEXCLUDED',
    dateOrder: 'dmy',
    taxes: [
      tax('OUTPUT', 'GST on Income', 10),
      tax('INPUT', 'GST on Expenses', 10),
      tax('EXEMPTOUTPUT', 'GST Free Income', 0),
      tax('EXEMPTEXPENSES', 'GST Free Expenses', 0),
      tax('EXEMPTEXPORT', 'GST Free Exports', 0),
      tax('INPUTTAXED', 'Input Taxed', 0),
      tax('CAPEXINPUT', 'GST on Capital', 10),
      tax('EXEMPTCAPITAL', 'GST Free Capital', 0),
      tax('BASEXCLUDED', 'BAS Excluded', 0),
      tax('GSTONIMPORTS', 'GST on Imports', 0),
    ],
  },
  GB: {
    code: 'GB',
    currency: 'GBP',
    timeZone: 'Europe/London',
    noTaxType: 'NONE',
    dateOrder: 'dmy',
    taxes: [
      tax('OUTPUT2', '20% (VAT on Income)', 20),
      tax('INPUT2', '20% (VAT on Expenses)', 20),
      tax('RROUTPUT', '5% (VAT on Income)', 5),
      tax('RRINPUT', '5% (VAT on Expenses)', 5),
      tax('ZERORATEDOUTPUT', 'Zero Rated Income', 0),
      tax('ZERORATEDINPUT', 'Zero Rated Expenses', 0),
      tax('EXEMPTOUTPUT', 'Exempt Income', 0),
      tax('EXEMPTEXPENSES', 'Exempt Expenses', 0),
      tax('NONE', 'No VAT', 0),
    ],
  },
  US: {
    code: 'US',
    currency: 'USD',
    timeZone: 'America/New_York',
    noTaxType: 'NONE',
    dateOrder: 'mdy',
    taxes: [
      tax('OUTPUT', 'Tax on Sales', 0),
      tax('INPUT', 'Tax on Purchases', 0),
      tax('NONE', 'Tax Exempt', 0),
    ],
  },
  SG: {
    code: 'SG',
    currency: 'SGD',
    timeZone: 'Asia/Singapore',
    noTaxType: 'NONE',
    dateOrder: 'dmy',
    taxes: [tax('NONE', 'No Tax', 0)],
  },
  ZA: {
    code: 'ZA',
    currency: 'ZAR',
    timeZone: 'Africa/Johannesburg',
    noTaxType: 'NONE',
    dateOrder: 'dmy',
    taxes: [tax('NONE', 'No VAT', 0)],
  },
}

const plain = (code: string, currency: string, timeZone: string): Region => ({
  code,
  currency,
  timeZone,
  noTaxType: 'NONE',
  dateOrder: 'dmy',
  taxes: [tax('NONE', 'No Tax', 0)],
})

for (const [code, currency, timeZone] of [
  ['CA', 'CAD', 'America/Toronto'],
  ['HK', 'HKD', 'Asia/Hong_Kong'],
  ['IE', 'EUR', 'Europe/Dublin'],
  ['DE', 'EUR', 'Europe/Berlin'],
  ['FR', 'EUR', 'Europe/Paris'],
  ['NL', 'EUR', 'Europe/Amsterdam'],
  ['ES', 'EUR', 'Europe/Madrid'],
  ['IT', 'EUR', 'Europe/Rome'],
  ['FJ', 'FJD', 'Pacific/Fiji'],
  ['MY', 'MYR', 'Asia/Kuala_Lumpur'],
  ['PH', 'PHP', 'Asia/Manila'],
  ['IN', 'INR', 'Asia/Kolkata'],
  ['AE', 'AED', 'Asia/Dubai'],
  ['KE', 'KES', 'Africa/Nairobi'],
  ['JP', 'JPY', 'Asia/Tokyo'],
] as const) {
  regions[code] = plain(code, currency, timeZone)
}

/** The region of an ISO country code (UK is GB); null for a country that auxo-sync does not know. */
export function findRegion(code: string): Region | null {
  const upper = code.toUpperCase()
  return regions[upper === 'UK' ? 'GB' : upper] ?? null
}

export const regionCodes: readonly string[] = Object.keys(regions)

/** Xero names time zones its own way (NEWZEALANDSTANDARDTIME): Windows names without spaces. */
const xeroTimeZones: Record<string, string> = {
  NEWZEALANDSTANDARDTIME: 'Pacific/Auckland',
  AUSEASTERNSTANDARDTIME: 'Australia/Sydney',
  EAUSTRALIASTANDARDTIME: 'Australia/Brisbane',
  CENAUSTRALIASTANDARDTIME: 'Australia/Adelaide',
  AUSCENTRALSTANDARDTIME: 'Australia/Darwin',
  WAUSTRALIASTANDARDTIME: 'Australia/Perth',
  TASMANIASTANDARDTIME: 'Australia/Hobart',
  GMTSTANDARDTIME: 'Europe/London',
  UTC: 'UTC',
  EASTERNSTANDARDTIME: 'America/New_York',
  CENTRALSTANDARDTIME: 'America/Chicago',
  MOUNTAINSTANDARDTIME: 'America/Denver',
  USMOUNTAINSTANDARDTIME: 'America/Phoenix',
  PACIFICSTANDARDTIME: 'America/Los_Angeles',
  ALASKANSTANDARDTIME: 'America/Anchorage',
  HAWAIIANSTANDARDTIME: 'Pacific/Honolulu',
  SINGAPORESTANDARDTIME: 'Asia/Singapore',
  SOUTHAFRICASTANDARDTIME: 'Africa/Johannesburg',
  CHINASTANDARDTIME: 'Asia/Shanghai',
  INDIASTANDARDTIME: 'Asia/Kolkata',
  FIJISTANDARDTIME: 'Pacific/Fiji',
  WEUROPESTANDARDTIME: 'Europe/Berlin',
  ROMANCESTANDARDTIME: 'Europe/Paris',
}

/** The IANA zone of Xero's word for one; null for a word we do not know (then the region's zone serves). */
export function timeZoneOfXero(word: string): string | null {
  return xeroTimeZones[word.toUpperCase().replaceAll(/[\s_]/g, '')] ?? null
}

/** Xero's word for an IANA zone; UTC for one that has none here. */
export function xeroTimeZoneOf(zone: string): string {
  return Object.entries(xeroTimeZones).find(([, known]) => known === zone)?.[0] ?? 'UTC'
}

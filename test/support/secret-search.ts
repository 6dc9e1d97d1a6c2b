// Looks for secrets in whatever was written or said, in every dress that they may wear: as they are, in base64 at any offset,
// percent-encoded, as a form writes them, escaped as JSON or HTML does, as hexadecimal digits. What is packed is unpacked first.

import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { gunzipSync } from 'node:zlib'
import Database from 'better-sqlite3'

export interface Secret {
  /** What it is, for the message. */
  readonly name: string
  readonly value: string
}

export interface Place {
  readonly name: string
  readonly bytes: Buffer
}

/** A sentence for each secret that stands in a place. */
export function secretsIn(places: readonly Place[], secrets: readonly Secret[]): string[] {
  const dressed = secrets.flatMap(({ name, value }) => dressesOf(value).map((dress) => ({ name, ...dress })))
  return places.flatMap((place) =>
    dressed.flatMap(({ name, how, text }) =>
      place.bytes.includes(text) ? [`${name} (${how}) stands in ${place.name}`] : [],
    ),
  )
}

interface Dress {
  readonly how: string
  readonly text: string
}

function dressesOf(secret: string): Dress[] {
  const json = JSON.stringify(secret).slice(1, -1)
  const html = secret.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('"', '&quot;')
  const signature = /^[\w-]+\.[\w-]+\.([\w-]+)$/.exec(secret)?.[1]
  const all: Dress[] = [
    { how: 'as it is', text: secret },
    { how: 'in JSON', text: json },
    { how: 'in JSON with escaped slashes', text: json.replaceAll('/', '\\/') },
    { how: 'in JSON within JSON', text: JSON.stringify(json).slice(1, -1) },
    { how: 'percent-encoded', text: encodeURIComponent(secret) },
    { how: 'as a form', text: new URLSearchParams([['', secret]]).toString().slice(1) },
    { how: 'in HTML', text: html },
    { how: 'in hexadecimal', text: Buffer.from(secret).toString('hex') },
    ...(signature === undefined ? [] : [{ how: 'its signature', text: signature }]),
    ...[0, 1, 2].flatMap((offset) => base64At(secret, offset)),
  ]
  return all.filter(({ text }, at) => all.findIndex((other) => other.text === text) === at)
}

/** The part of the base64 that is the same whatever stands before and after. */
function base64At(secret: string, offset: number): Dress[] {
  const bytes = Buffer.concat([Buffer.alloc(offset), Buffer.from(secret)])
  const whole = bytes.subarray(0, bytes.length - (bytes.length % 3)).toString('base64')
  const text = offset === 0 ? whole : whole.slice(4)
  const url = text.replaceAll('+', '-').replaceAll('/', '_')
  return [
    { how: `in base64, offset ${offset}`, text },
    { how: `in base64 for addresses, offset ${offset}`, text: url },
  ]
}

/** Every file below, byte for byte. */
export function filesBelow(folder: string): Place[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .map((file) => ({ name: file, bytes: unpacked(readFileSync(file)) }))
}

/** Every value of every table: a page of the file may cut a value in two, and bodies are packed. */
export function valuesOf(ledgerFile: string): Place[] {
  const database = new Database(ledgerFile, { readonly: true })
  try {
    const tables = database.prepare("SELECT name FROM sqlite_schema WHERE type = 'table'").pluck().all()
    return tables.flatMap((table) => {
      const rows = database
        .prepare(`SELECT * FROM "${String(table)}"`)
        .raw()
        .all()
      // Rows in raw mode are arrays of values.
      const values = (rows as unknown[][]).flat().map(bytesOf)
      return [{ name: `the table ${String(table)}`, bytes: Buffer.concat(values) }]
    })
  } finally {
    database.close()
  }
}

function bytesOf(value: unknown): Buffer {
  const bytes = Buffer.isBuffer(value) ? unpacked(value) : Buffer.from(String(value))
  return Buffer.concat([bytes, Buffer.from('\n')])
}

function unpacked(bytes: Buffer): Buffer {
  return bytes[0] === 0x1f && bytes[1] === 0x8b ? gunzipSync(bytes) : bytes
}

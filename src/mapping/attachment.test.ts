import { expect, test } from 'vitest'
import { contentTypeOf, fileNameInXero } from './attachment.ts'

test.each([
  ['job.pdf', 'job.pdf'],
  ['scans/2026/job 1 (copy).pdf', 'job 1 (copy).pdf'],
  ['/srv/files/Rechnung für Bäcker.pdf', 'Rechnung für Bäcker.pdf'],
  ['a/1+1<2>:"x"|?*\\.txt', '1_1_2___x_____.txt'],
  ['bell\u0007.txt', 'bell_.txt'],
  ['half\uD83D.txt', 'half_.txt'],
  ['photo 😀.jpg', 'photo 😀.jpg'],
  ['re\u0301sume\u0301.doc', 'r\u00e9sum\u00e9.doc'],
  ['scans/', ''],
])('the name of %j in Xero is %j', (path, name) => {
  expect(fileNameInXero(path)).toBe(name)
})

test.each([
  ['job.pdf', 'application/pdf'],
  ['JOB.PDF', 'application/pdf'],
  ['photo.tar.jpeg', 'image/jpeg'],
  ['notes', 'application/octet-stream'],
  ['notes.constructor', 'application/octet-stream'],
  ['pdf', 'application/octet-stream'],
])('%s is %s', (name, type) => {
  expect(contentTypeOf(name)).toBe(type)
})

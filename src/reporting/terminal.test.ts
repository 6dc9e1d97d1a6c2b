import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { capturedStream } from '../../test/support/host.ts'
import { jsonText, printable } from './printable.ts'
import { displayWidth, fittingColumns, fitWidths, wrapText } from './table.ts'
import { createPrinter, isLively, toned } from './terminal.ts'

const esc = '\u001b'

describe('what may reach a terminal', () => {
  test.each([
    ['a colour', `a${esc}[31mb`, 'ab'],
    ['a title change', `a${esc}]0;owned\u0007b`, 'ab'],
    ['a bare escape', `a${esc}`, 'a'],
    ['an 8-bit control sequence', 'a\u009b31mb', 'ab'],
    ['a bell and a backspace', 'a\u0007\u0008b', 'ab'],
    ['text that turns direction', 'a\u202eb\u2066c', 'abc'],
    ['line breaks', 'a\r\nb\tc\u2028d', 'a b c d'],
    ['plain text', 'Zoë & 山田 “ok” €', 'Zoë & 山田 “ok” €'],
  ])('%s', (_, text, safe) => {
    expect(printable(text)).toBe(safe)
  })

  test('nothing else than what printable lets through, whatever is in the data', async () => {
    const anything = fc.string({
      unit: fc.oneof(fc.constantFrom(esc, '[', '\u009b', '\r', '\n', ']', 'm'), fc.string()),
    })
    await fc.assert(
      fc.asyncProperty(anything, async (data) => {
        const stream = capturedStream()
        const printer = await createPrinter(stream, {}, { json: false })
        printer.line(data, toned('bad', data))
        printer.entry(2, toned('faint', data), data)
        printer.table([{ head: data }, { head: 'b', align: 'right' }], [[data, toned('good', data)]])
        expect(stream.text()).not.toMatch(/[^\n\P{Cc}]/u)
        expect(stream.text().split('\n')).toHaveLength(5)
      }),
    )
  })

  test('JSON says the same to a reader and nothing to a terminal', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 12 }), (text) => {
        expect(jsonText({ text })).not.toMatch(/[\p{Cc}\p{Bidi_Control}]/u)
        expect(JSON.parse(jsonText({ text }))).toEqual({ text })
      }),
      { examples: [['\u009b31m\u007f\u202e\u001b[0m']] },
    )
  })
})

describe('a stream', () => {
  test.each([
    [true, {}, false, true],
    [false, {}, false, false],
    [true, { NO_COLOR: '1' }, false, false],
    [true, { NO_COLOR: '' }, false, true],
    [true, { CI: 'true' }, false, false],
    [true, { TERM: 'dumb' }, false, false],
    [true, {}, true, false],
  ])('terminal %s with %j and json %s is lively: %s', async (isTTY, env, json, lively) => {
    const stream = capturedStream({ isTTY, columns: 80 })
    expect(isLively(stream, env, { json })).toBe(lively)
    const printer = await createPrinter(stream, env, { json })
    printer.line(toned('bad', 'wrong'))
    printer.table([{ head: 'head' }], [[toned('bad', 'wrong')]])
    expect(stream.text().includes(esc)).toBe(lively)
  })

  test('a terminal that says it has no columns gets no spinner, and text of the usual width', async () => {
    const stream = capturedStream({ isTTY: true, columns: 0 })
    expect(isLively(stream, {}, { json: false })).toBe(false)
    const printer = await createPrinter(stream, {}, { json: false })
    printer.entry(0, '', 'ten words '.repeat(10).trim())
    expect(stream.text().split('\n')[0]).toBe(
      'ten words ten words ten words ten words ten words ten words ten words ten words',
    )
  })
})

describe('tables', () => {
  const columns = [
    { head: 'number' },
    { head: 'what', isFlexible: true },
    { head: 'count', align: 'right' as const },
  ]
  const long = 'has account 999 and many more words than any line of a narrow terminal could ever hold'
  const rows = [
    ['INV-1', long, '1'],
    ['INV-1000', 'short', '1,000'],
  ]
  const printed = async (shape: { isTTY?: boolean; columns?: number }) => {
    const stream = capturedStream(shape)
    const printer = await createPrinter(stream, { NO_COLOR: '1' }, { json: false })
    printer.table(columns, rows, 2)
    return stream.text()
  }

  test('piped, they are aligned and whole', async () => {
    expect(await printed({})).toBe(
      [
        `  number    what${' '.repeat(long.length - 4)}  count`,
        `  INV-1     ${long}      1`,
        `  INV-1000  short${' '.repeat(long.length - 5)}  1,000`,
        '',
      ].join('\n'),
    )
  })

  test.each([40, 60, 80, 200])('on a terminal of %i columns they fit, and nothing is lost', async (width) => {
    const text = await printed({ isTTY: true, columns: width })
    for (const line of text.split('\n')) expect(displayWidth(line)).toBeLessThanOrEqual(width)
    for (const word of [...long.split(' '), 'INV-1000', '1,000']) expect(text).toContain(word)
  })

  test('what is too much is taken from the widest flexible column, down to what can be read', () => {
    expect(fitWidths(columns, [8, 50, 5], 40)).toEqual([8, 23, 5])
    expect(fitWidths(columns, [8, 50, 5], 10)).toEqual([8, 12, 5])
    expect(fitWidths(columns, [8, 5, 5], 80)).toEqual([8, 5, 5])
  })

  test.each([
    [80, [0, 1, 2, 3]],
    [34, [0, 1, 2, 3]],
    [33, [0, 1, 2]],
    [25, [0, 2]],
    [1, [0, 2]],
  ])('of a terminal of %i columns the places %j have room', (available, kept) => {
    const spare = [
      { head: '' },
      { head: '', isSpare: true },
      { head: '', isFlexible: true },
      { head: '', isSpare: true },
    ]
    // 5 + 6 + at least 12 + 5, and 2 between each.
    expect(fittingColumns(spare, [5, 6, 50, 5], available)).toEqual(kept)
  })

  test.each([
    ['abc', 3],
    ['山田', 4],
    ['e\u0301', 1],
  ])('%s takes %i columns', (text, width) => {
    expect(displayWidth(text)).toBe(width)
  })

  test('text wraps at spaces, and a longer word stays whole', () => {
    expect(wrapText('one two three 0123456789', 9)).toEqual(['one two', 'three', '0123456789'])
  })
})

// Items, attached files and history notes in a season, and what people do about items and files in Xero.

import { attachmentSql, itemSql } from '../workload-papers.ts'
import { documentKinds, newDocument } from './documents.ts'
import { type LedgerAct, newId, type Scene, settingSql, someId, type Trade, type XeroAct } from './trade.ts'

const item: LedgerAct = (scene) =>
  itemSql({
    code: newId(scene, 'item', 'T'),
    salePriceE4: scene.c.whole(1, 99) * 10_000,
    ...(scene.c.chance(0.1) ? { saleAccount: '99999' } : {}),
  })

const attaches: LedgerAct = (scene) => {
  const document = someId(scene, ...documentKinds)
  if (!document) return ''
  const file = `job ${scene.c.whole(1, 9)} of ${document}.txt`
  const content = `a file of ${document}${'!'.repeat(scene.c.whole(0, 3))}`
  return attachmentSql(scene.world.folder, document, file, content)
    .replace('INSERT', 'INSERT OR IGNORE')
    .replace(/VALUES \((.*)\);$/, `SELECT $1 WHERE EXISTS (SELECT 1 FROM document WHERE id = '${document}');`)
}

const namesItem: LedgerAct = (scene) => {
  const code = someId(scene, 'item')
  return code
    ? newDocument(scene, 'invoice', { lines: [{ kind: 'part', item: code, amount: 1_000, tax: 150 }] })
    : ''
}

function onItem(scene: Scene, sql: (code: string) => string): string {
  const code = someId(scene, 'item')
  return code ? sql(code) : ''
}

const edits: LedgerAct[] = [
  (scene) => onItem(scene, (code) => `UPDATE item SET name = name || '!' WHERE code = '${code}';`),
  (scene) =>
    onItem(scene, (code) => `UPDATE item SET sale_price_e4 = sale_price_e4 + 10000 WHERE code = '${code}';`),
  (scene) =>
    scene.c.chance(0.5)
      ? `DELETE FROM document_attachment WHERE document = '${someId(scene, ...documentKinds)}';`
      : `UPDATE document_attachment SET include_online = 1 - include_online WHERE document = '${someId(scene, ...documentKinds)}';`,
  attaches,
]

const people: XeroAct[] = [
  function createsItem(scene, person) {
    const code = `T${scene.c.whole(1, (scene.ids.get('item')?.length ?? 0) + 2)}`
    if (!scene.world.sandbox.items().some((one) => one.code === code))
      person.papers.createItem({ code, name: `Theirs ${code}` })
  },
  function changesItem(scene, person) {
    const there = scene.c.any(scene.world.sandbox.items())
    if (there) person.papers.changeItem(there.id, { name: 'Changed' })
  },
  function attaches(scene, person) {
    const invoice = scene.c.any(scene.world.sandbox.invoices())
    if (invoice) person.papers.attach(invoice.id, 'theirs.txt', 'of a person')
  },
]

export const extras: Trade = {
  targets: ['/Items', '^.*/Attachments', '^.*/History'],
  begin: ({ c }) =>
    [
      settingSql('items', c.one(['all', 'needed', 'off'])),
      settingSql('history_notes', c.one(['on', 'off'])),
    ].join('\n'),
  adds: [item, attaches, attaches, namesItem],
  edits,
  people,
}

// Stored settings of an entity. What they mean, and which there are, is accounting/settings.ts.

import type { Ledger } from './open.ts'

export async function readStoredSettings(ledger: Ledger, entity: string): Promise<Map<string, string>> {
  const rows = await ledger.db.selectFrom('setting').selectAll().where('entity', '=', entity).execute()
  return new Map(rows.map((row) => [row.name, row.value]))
}

/** Stores a value that the caller has checked, with an event that says who changed it from what. */
export async function recordSetting(
  ledger: Ledger,
  setting: { entity: string; name: string; value: string; who: string },
): Promise<void> {
  await ledger.transaction(async (tx, now) => {
    const before = await tx
      .selectFrom('setting')
      .select('value')
      .where('entity', '=', setting.entity)
      .where('name', '=', setting.name)
      .executeTakeFirst()
    await tx
      .insertInto('setting')
      .values({ entity: setting.entity, name: setting.name, value: setting.value })
      .onConflict((conflict) => conflict.columns(['entity', 'name']).doUpdateSet({ value: setting.value }))
      .execute()
    await tx
      .insertInto('event')
      .values({
        at: now,
        who: setting.who,
        run: null,
        entity: setting.entity,
        kind: null,
        source_id: null,
        what: `setting ${setting.name}`,
        detail: JSON.stringify({ from: before?.value ?? null, to: setting.value }),
      })
      .execute()
  })
}

/** True once anything of this entity went out: from then on its number prefix is frozen (D5). */
export async function hasExported(ledger: Ledger, entity: string): Promise<boolean> {
  const row = await ledger.db
    .selectFrom('export_state')
    .select('source_id')
    .where('entity', '=', entity)
    .where('kind', '<>', 'contact')
    .where('state', 'in', ['exported', 'sending', 'uncertain'])
    .limit(1)
    .executeTakeFirst()
  return row !== undefined
}

export async function addEntity(
  ledger: Ledger,
  entity: { code: string; name: string; region: string; baseCurrency: string | null },
): Promise<void> {
  await ledger.transaction(async (tx) => {
    await tx
      .insertInto('billing_entity')
      .values({
        code: entity.code,
        name: entity.name,
        region: entity.region,
        base_currency: entity.baseCurrency,
      })
      .execute()
  })
}

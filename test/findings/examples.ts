// What the program prints of a finding, as its page in docs/findings/ shows it: without what is of this machine or drawn by chance.

import type { Finding } from '../../src/accounting/findings.ts'
import { printedText } from '../../src/commands/report-file.ts'
import { printFindingGroups } from '../../src/reporting/finding-groups.ts'
import type { World } from '../support/world.ts'
import type { Situation } from './fixture.ts'

/** The ids that Xero gave, which are others in every organisation. */
const xeroIds = /[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}/g

export async function exampleOf(finding: Finding, { folder }: Pick<World, 'folder'>): Promise<string> {
  const text = await printedText((printer) => printFindingGroups(printer, [finding], 0))
  return text.replaceAll(folder, '/books').replaceAll(xeroIds, 'ID').trimEnd()
}

/** Of these findings the one with the code that is of the thing. */
export function findingOf(
  findings: readonly Finding[],
  thing: Situation['thing'],
  code: Finding['code'],
): Finding | undefined {
  return findings.find((one) => one.code === code && `${one.kind}:${one.id}` === thing)
}

/** The findings that the ledger has, as an export recorded them. */
export function recordedFindings(world: World): Finding[] {
  const rows = world.query<Record<string, string>>(`
    SELECT kind, source_id AS id, number, code, severity, field, message, why, fix, xero_messages FROM finding`)
  // As the table's own columns were written.
  return rows.map(
    ({ xero_messages, ...row }) => ({ ...row, xeroMessages: JSON.parse(xero_messages ?? '[]') }) as Finding,
  )
}

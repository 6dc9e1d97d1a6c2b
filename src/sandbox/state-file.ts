// The sandbox's memory between two starts: one JSON file, replaced whole after every change, so that a person's sandbox
// survives a restart and a crash leaves the file before or after the change, never half of it.

import { existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import type { SavedConsents } from './consents.ts'
import type { SavedCall } from './idempotency.ts'
import type { Window } from './meters.ts'
import { Organisation, type OrganisationIds } from './organisation.ts'
import type { Stored } from './table.ts'

type Values = Pick<
  Organisation,
  | 'profile'
  | 'taxRates'
  | 'currencies'
  | 'tracking'
  | 'approvals'
  | 'lastAutoNumber'
  | 'lastCreditNumber'
  | 'isConnected'
  | 'hasReportsRole'
>

interface SavedOrganisation {
  readonly ids: OrganisationIds
  readonly values: Values
  readonly tables: Readonly<Record<string, readonly Stored[]>>
}

export interface SavedState {
  readonly version: 1
  readonly seed: number
  readonly guidsDrawn: number
  readonly organisations: readonly SavedOrganisation[]
  readonly meters: Record<string, { minute: Window; day: Window }>
  readonly idempotency: readonly SavedCall[]
  /** Not in the files of earlier versions. */
  readonly consents?: SavedConsents
}

export function savedOrganisation(organisation: Organisation): SavedOrganisation {
  const { tenantId, connectionId, organisationId, brandingThemeId } = organisation
  const { profile, taxRates, currencies, tracking, approvals, isConnected, hasReportsRole } = organisation
  const { lastAutoNumber, lastCreditNumber } = organisation
  return {
    ids: { tenantId, connectionId, organisationId, brandingThemeId },
    values: {
      profile,
      taxRates,
      currencies,
      tracking,
      approvals,
      lastAutoNumber,
      lastCreditNumber,
      isConnected,
      hasReportsRole,
    },
    tables: Object.fromEntries(
      Object.entries(organisation.tables).map(([name, table]) => [name, table.all()]),
    ),
  }
}

export function restoredOrganisation(saved: SavedOrganisation): Organisation {
  const organisation = new Organisation(saved.ids, saved.values.profile)
  Object.assign(organisation, saved.values)
  for (const [name, table] of Object.entries(organisation.tables)) table.load(saved.tables[name] ?? [])
  return organisation
}

export function readState(file: string): SavedState | null {
  if (!existsSync(file)) return null
  // Written by writeState; the version is what tells an old form.
  const state = JSON.parse(readFileSync(file, 'utf8')) as SavedState
  if (state.version !== 1)
    throw new Error(`${file} is not a state file of this sandbox (version ${String(state.version)})`)
  return state
}

export function writeState(file: string, state: SavedState): void {
  const draft = `${file}.new`
  writeFileSync(draft, JSON.stringify(state), { mode: 0o600 })
  renameSync(draft, file)
}

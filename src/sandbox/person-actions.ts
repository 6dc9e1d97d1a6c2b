// All that a person in Xero can be asked to do from a page or a script, by name.

import type { Action } from './person-action.ts'
import { documentActions } from './person-document-actions.ts'
import { moneyActions } from './person-money-actions.ts'
import { otherActions } from './person-other-actions.ts'

export const personActions: readonly Action[] = [...moneyActions, ...documentActions, ...otherActions]

export function personAction(name: string): Action | undefined {
  return personActions.find((action) => action.name === name)
}

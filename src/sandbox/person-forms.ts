// An action as a form of a page: what the page knows already is hidden, the rest is asked for.

import type { Action, Field } from './person-action.ts'
import { personAction } from './person-actions.ts'
import { type Html, html, nothing, personBase } from './person-html.ts'

export interface Choice {
  readonly value: string
  readonly label: string
}

export interface Attempt {
  readonly action: string
  readonly values: Readonly<Record<string, string>>
}

/** What every form of a page needs. */
export interface FormPage {
  /** Proves that a post comes from a page of ours. */
  readonly token: string
  /** Where the form stands, below /_person/. */
  readonly page: string
  /** What was tried and refused: its form stands open with what was typed. */
  readonly refused: Attempt | null
}

export interface FormContent {
  /** Fields that the page knows already. */
  readonly known?: Readonly<Record<string, string>>
  /** What stands in a field at first. */
  readonly presets?: Readonly<Record<string, string>>
  /** Fields that are chosen from what there is. */
  readonly choices?: Readonly<Record<string, readonly Choice[]>>
  readonly isOpen?: boolean
}

const grave = new Set(['void', 'delete-payment', 'delete-refund', 'remove-allocation', 'archive'])

/** Folded away until it is wanted. */
export function form(page: FormPage, name: string, content: FormContent = {}): Html {
  const action = actionOf(name)
  const attempt = attemptOf(page, name, content)
  const fields = action.fields.filter((field) => content.known?.[field.name] === undefined)
  const isOpen = content.isOpen === true || attempt !== null
  const value = (field: Field) => attempt?.values[field.name] ?? content.presets?.[field.name] ?? ''
  return html`<details${isOpen ? html` open` : nothing}><summary>${action.title}</summary>
<form method="post" action="${personBase + name}"><p class="says">${action.says}</p>
${hidden(page, content)}<div class="fields">${fields.map((field) => asked(field, value(field), content.choices?.[field.name]))}</div>
${button(action)}</form></details>
`
}

/** A button alone, where nothing is to be asked. */
export function buttonForm(page: FormPage, name: string, known: Readonly<Record<string, string>>): Html {
  const action = actionOf(name)
  return html`<form method="post" action="${personBase + name}">${hidden(page, { known })}${button(action)}</form>`
}

function actionOf(name: string): Action {
  const action = personAction(name)
  if (!action) throw new Error(`there is no action ${name}`)
  return action
}

/** The refused attempt, if it was made with this very form. */
function attemptOf({ refused }: FormPage, name: string, { known = {} }: FormContent): Attempt | null {
  if (refused?.action !== name) return null
  const isThis = Object.entries(known).every(([field, value]) => refused.values[field] === value)
  return isThis ? refused : null
}

function button({ name, title }: Action): Html {
  return html`<button${grave.has(name) ? html` class="grave"` : nothing}>${title}</button>`
}

function hidden({ token, page }: FormPage, { known = {} }: FormContent): Html {
  const all = Object.entries({ _token: token, _page: page, ...known })
  return html`${all.map(([name, value]) => html`<input type="hidden" name="${name}" value="${value}">`)}`
}

function asked(field: Field, value: string, choices: readonly Choice[] | undefined): Html {
  // What is chosen from a list needs no word on how to write it.
  const says = field.says === '' || choices ? nothing : html`<small>${field.says}</small>`
  return html`<label>${field.label}${control(field, value, choices)}${says}</label>`
}

function control(field: Field, value: string, choices: readonly Choice[] | undefined): Html {
  const listed = choices ?? field.choices?.map((choice) => ({ value: choice, label: choice }))
  const required = field.isOptional === true ? nothing : html` required`
  if (listed) {
    const options = listed.map((choice) => {
      const selected = choice.value === value ? html` selected` : nothing
      return html`<option value="${choice.value}"${selected}>${choice.label}</option>`
    })
    return html`<select name="${field.name}"${required}>${options}</select>`
  }
  const type = field.kind === 'date' ? 'date' : 'text'
  const mode = field.kind === 'money' ? html` inputmode="decimal"` : nothing
  return html`<input type="${type}" name="${field.name}" value="${value}" autocomplete="off"${mode}${required}>`
}

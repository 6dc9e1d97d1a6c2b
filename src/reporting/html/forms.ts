// Questions to a page, as a form that asks it again: labels before fields, one button, no script.

import { type Html, html } from './html.ts'

export interface Choice {
  value: string
  name: string
}

export type Field =
  | { type: 'select'; name: string; label: string; value: string; choices: readonly Choice[] }
  | { type: 'search' | 'date' | 'month'; name: string; label: string; value: string }
  | { type: 'hidden'; name: string; value: string }

export function filterForm(action: string, fields: readonly Field[]): Html {
  return html`<form class="filter" method="get" action="${action}" role="search">${fields.map(field)}<div><button type="submit">Show</button></div></form>\n`
}

function field(one: Field): Html {
  if (one.type === 'hidden') return html`<input type="hidden" name="${one.name}" value="${one.value}">`
  const id = `field-${one.name}`
  const input =
    one.type === 'select'
      ? html`<select id="${id}" name="${one.name}">${one.choices.map(
          ({ value, name }) =>
            html`<option value="${value}"${value === one.value && html` selected`}>${name}</option>`,
        )}</select>`
      : html`<input id="${id}" type="${one.type}" name="${one.name}" value="${one.value}">`
  return html`<div><label for="${id}">${one.label}</label>${input}</div>`
}

/** A choice of entity where there are several; nothing where there is one. */
export function entityField(
  entities: readonly { code: string; name: string }[],
  chosen: string | null,
  all: 'all' | 'one' = 'one',
): Field[] {
  if (entities.length < 2) return []
  const every = all === 'all' ? [{ value: '', name: 'All' }] : []
  return [
    {
      type: 'select',
      name: 'entity',
      label: 'Entity',
      value: chosen ?? '',
      choices: [...every, ...entities.map(({ code, name }) => ({ value: code, name: `${code}, ${name}` }))],
    },
  ]
}

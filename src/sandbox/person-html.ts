// Pages of plain HTML: text is escaped by the way it gets in, nothing is loaded, nothing is run. What stands on the pages is
// person-lists.ts's and person-documents.ts's business.

const entities: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
}

/** Markup, as against text: only `html` makes it. */
export class Html {
  readonly markup: string

  constructor(markup: string) {
    this.markup = markup
  }
}

type Piece = Html | string | number | readonly Html[]

/** A template: what is put in is text and is escaped, unless it is markup already. */
export function html(strings: TemplateStringsArray, ...pieces: readonly Piece[]): Html {
  return new Html(strings.reduce((markup, string, at) => markup + markupOf(pieces[at - 1] ?? '') + string))
}

function markupOf(piece: Piece): string {
  if (piece instanceof Html) return piece.markup
  if (typeof piece === 'string' || typeof piece === 'number')
    return String(piece).replaceAll(/[&<>"']/g, (character) => entities[character] ?? '')
  return piece.map(({ markup }) => markup).join('')
}

export const nothing = html``

export interface View {
  readonly title: string
  readonly body: Html
}

export interface Frame {
  readonly organisation: string
  /** The page's own path, below /_person/. */
  readonly path: string
  /** What was done, or why nothing was. */
  readonly message: { readonly kind: 'did' | 'mistake'; readonly text: string } | null
}

const navigation = [
  ['', 'Invoices and bills'],
  ['credits', 'Credits'],
  ['payments', 'Payments'],
  ['contacts', 'Contacts'],
  ['others', 'Items, journals, lock'],
] as const

export const personBase = '/_person/'

export function wholePage({ title, body }: View, { organisation, path, message }: Frame): string {
  const [list] = path.split('/')
  const links = navigation.map(([target, label]) => {
    const isHere = target === list || (target === '' && list === 'invoices')
    return html`<a href="${personBase + target}"${isHere ? html` aria-current="true"` : nothing}>${label}</a>`
  })
  return html`<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${title} · ${organisation}</title>
<style>${new Html(pageStyle)}</style>
</head>
<body>
<header><p><b>${organisation}</b> <span class="tag">sandbox</span></p><nav aria-label="Lists">${links}</nav></header>
<main>
${banner(message)}<h1>${title}</h1>
${body}
</main>
<footer>You are a person at work in this sandbox of Xero. Scripts can do the same: <a href="${personBase}actions">actions</a>.</footer>
</body>
</html>
`.markup
}

function banner(message: Frame['message']): Html {
  if (message === null) return nothing
  const role = message.kind === 'did' ? 'status' : 'alert'
  return html`<p class="banner ${message.kind}" role="${role}">${message.text}</p>
`
}

export interface Column<Row> {
  readonly head: string
  readonly cell: (row: Row) => Html | string
  readonly isMoney?: true
}

/** On a phone the columns stand below each other. */
export function table<Row>(columns: readonly Column<Row>[], rows: readonly Row[], empty: string): Html {
  if (rows.length === 0) return html`<p class="empty">${empty}</p>`
  const heads = columns.map(({ head, isMoney }) => html`<th scope="col"${sideOf(isMoney)}>${head}</th>`)
  const lines = rows.map((row) => {
    const cells = columns.map(
      ({ head, cell, isMoney }) => html`<td data-head="${head}"${sideOf(isMoney)}>${cell(row)}</td>`,
    )
    return html`<tr>${cells}</tr>
`
  })
  return html`<table>
<thead><tr>${heads}</tr></thead>
<tbody>
${lines}</tbody>
</table>`
}

const sideOf = (isMoney: true | undefined) => (isMoney ? html` class="money"` : nothing)

/** Facts of one document, each with its name. */
export function facts(pairs: readonly (readonly [name: string, value: Html | string])[]): Html {
  const shown = pairs.filter(([, value]) => value !== '')
  return html`<dl>${shown.map(([name, value]) => html`<div><dt>${name}</dt><dd>${value}</dd></div>`)}</dl>`
}

export function link(path: string, label: string): Html {
  return html`<a href="${personBase + path}">${label}</a>`
}

/** A status, told by its word and by its colour. */
export function status(word: string): Html {
  return html`<span class="status ${word.toLowerCase()}">${word}</span>`
}

export const pageStyle = `
:root { color-scheme: light dark; --line: #d9dee5; --soft: #59636f; --accent: #0a6a94; --ground: #f4f6f8; --card: #fff; --good: #17703f; --bad: #ab1f17; --mild: #7a5200; }
@media (prefers-color-scheme: dark) { :root { --line: #38414c; --soft: #9aa6b4; --accent: #62bfe6; --ground: #14181d; --card: #1d232a; --good: #6fd39b; --bad: #ff9a92; --mild: #e6bd6a; } }
* { box-sizing: border-box; }
body { background: var(--ground); font: 15px/1.5 system-ui, sans-serif; margin: 0; }
header { background: var(--card); border-bottom: 1px solid var(--line); padding: .7rem 1.2rem 0; }
header p { margin: 0 0 .4rem; }
nav { display: flex; flex-wrap: wrap; gap: 0 1.2rem; }
nav a { border-bottom: 3px solid transparent; padding: .3rem 0 .45rem; text-decoration: none; white-space: nowrap; }
nav a:hover, nav a[aria-current] { border-color: var(--accent); }
a { color: var(--accent); }
main { margin: 0 auto; max-width: 70rem; padding: 1rem 1.2rem 2rem; }
footer { color: var(--soft); font-size: .9em; margin: 0 auto; max-width: 70rem; padding: 0 1.2rem 2rem; }
h1 { font-size: 1.5rem; line-height: 1.25; margin: .6rem 0 1rem; overflow-wrap: anywhere; }
h2 { font-size: 1.1rem; margin: 1.8rem 0 .5rem; }
.tag { border: 1px solid var(--line); border-radius: 1rem; color: var(--soft); font-size: .8em; padding: .05rem .55rem; }
.banner { border: 1px solid; border-left-width: .35rem; border-radius: .3rem; background: var(--card); margin: .4rem 0 1rem; padding: .6rem .9rem; }
.did { border-color: var(--good); }
.mistake { border-color: var(--bad); }
.empty, .says, dt, small { color: var(--soft); }
table { background: var(--card); border: 1px solid var(--line); border-collapse: collapse; width: 100%; }
th, td { border-bottom: 1px solid var(--line); padding: .5rem .7rem; text-align: left; vertical-align: top; overflow-wrap: anywhere; }
th { color: var(--soft); font-weight: 600; }
.money { font-variant-numeric: tabular-nums; text-align: right; white-space: nowrap; }
.status { border: 1px solid; border-radius: 1rem; color: var(--soft); font-size: .8em; font-weight: 600; padding: .05rem .5rem; white-space: nowrap; }
.status.paid, .status.active, .status.posted { color: var(--good); }
.status.authorised { color: var(--accent); }
.status.draft, .status.submitted { color: var(--mild); }
.status.voided, .status.deleted, .status.archived { color: var(--bad); }
dl { background: var(--card); border: 1px solid var(--line); display: grid; gap: .7rem 1.2rem; grid-template-columns: repeat(auto-fill, minmax(11rem, 1fr)); margin: 0; padding: .9rem; }
dt { font-size: .85em; }
dd { margin: 0; overflow-wrap: anywhere; }
details { background: var(--card); border: 1px solid var(--line); border-radius: .3rem; margin: .5rem 0; }
summary { cursor: pointer; font-weight: 600; padding: .55rem .9rem; }
details form { padding: 0 .9rem .9rem; }
.fields { display: grid; gap: .7rem 1rem; grid-template-columns: repeat(auto-fill, minmax(14rem, 1fr)); }
label { display: block; font-weight: 600; }
label small { display: block; font-weight: 400; }
label input, label select { margin: .2rem 0 .15rem; }
input, select { background: var(--ground); border: 1px solid var(--line); border-radius: .3rem; color: inherit; font: inherit; font-weight: 400; padding: .4rem .5rem; width: 100%; }
button { background: var(--accent); border: 0; border-radius: .3rem; color: var(--card); cursor: pointer; font: inherit; font-weight: 600; margin-top: .8rem; padding: .45rem .9rem; }
.pick { font-weight: 400; padding: .2rem 0; }
.pick input { margin: 0 .4rem 0 0; width: auto; }
button.grave { background: none; border: 1px solid var(--bad); color: var(--bad); }
td form, .search { margin: 0; }
td button { margin: 0; padding: .1rem .6rem; }
.search { display: flex; gap: .6rem; margin-bottom: .8rem; max-width: 30rem; }
.search button { margin: 0; }
:focus-visible { outline: 2px solid var(--accent); outline-offset: 2px; }
@media (max-width: 45rem) {
  thead { display: none; }
  tr { border-bottom: 2px solid var(--line); display: block; padding: .5rem .7rem; }
  td, td.money { border: 0; display: flex; gap: 1rem; justify-content: space-between; padding: .15rem 0; text-align: right; white-space: normal; }
  td::before { color: var(--soft); content: attr(data-head); text-align: left; }
}
`

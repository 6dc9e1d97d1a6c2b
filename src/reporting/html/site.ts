// The frame of the dashboard's pages: where one is, where else one can go, and the same styles as the pages that stand by themselves.
// Its style sheet is an address of its own, so that the content policy needs no exception.

import { type Html, html } from './html.ts'
import { styles } from './style.ts'

export const stylePath = '/style.css'
export const styleText = styles

/** Addresses of the dashboard's pages, and what they are called. */
export const places = {
  '/': 'Overview',
  '/documents': 'Documents',
  '/ageing': 'Receivable and payable',
  '/accounts': 'Accounts',
  '/month': 'Month end',
  '/runs': 'Runs',
  '/findings': 'Findings',
} as const
export type Place = keyof typeof places

export interface SitePage {
  title: string
  /** The place that the page belongs to. */
  place: Place
  body: Html
}

export interface SiteFrame {
  /** Of the entity that was chosen; null: all, or there is only one. */
  entity: string | null
  /** Said under every page: what it was read from, and when. */
  foot: string
}

/** A whole page of the dashboard. */
export function siteText({ title, place, body }: SitePage, { entity, foot }: SiteFrame): string {
  return framed(
    title,
    html`<a class="skip" href="#main">To the content</a>
<header class="bar"><div><span class="state">auxo-sync</span><nav aria-label="Pages"><ul>${Object.entries(
      places,
    ).map(
      ([path, name]) =>
        html`<li><a href="${address(path, { entity })}"${path === place && html` aria-current="page"`}>${name}</a></li>`,
    )}</ul></nav></div></header>
<main id="main" tabindex="-1">
<h1>${title}</h1>
${body}</main>
<footer><p>${foot}</p></footer>`,
  )
}

/** For who is not let in, or asks for what is not there: without the rest of the site. */
export function bareText(title: string, sentence: string): string {
  return framed(title, html`<main><h1>${title}</h1><p>${sentence}</p></main>`)
}

/** Leads on from the address with the token: its answer sets the cookie, and a page of our own takes the next step with it. */
export function welcomeText(): string {
  return framed(
    'Dashboard',
    html`<main><h1>Dashboard</h1><p><a href="/">Open the dashboard</a></p></main>`,
    html`<meta http-equiv="refresh" content="0;url=/">\n`,
  )
}

function framed(title: string, body: Html, head: Html | null = null): string {
  return html`<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
${head}<title>${title} – auxo-sync</title>
<link rel="icon" href="data:,">
<link rel="stylesheet" href="${stylePath}">
</head>
<body>
${body}
</body>
</html>
`.text
}

/** A path with its questions; what is null or empty is not asked. */
export function address(path: string, questions: Readonly<Record<string, string | number | null>>): string {
  const asked = Object.entries(questions).filter(([, value]) => value !== null && value !== '')
  const query = new URLSearchParams(
    Object.fromEntries(asked.map(([name, value]) => [name, String(value)])),
  ).toString()
  return query === '' ? path : `${path}?${query}`
}

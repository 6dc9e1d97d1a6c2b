// A mail as plain text and as simple HTML. All data goes through `printable`, and in HTML through the escaping of
// reporting/html, so that a contact's name can neither break a line, nor draw, nor link.

import { type Html, html, joined, styleSheet } from '../reporting/html/html.ts'
import { printable } from '../reporting/printable.ts'
import type { MailContent, MailItem } from './mail-content.ts'

export function mailText({ headline, sections, footer }: MailContent): string {
  const parts = [
    printable(headline),
    ...sections.map(({ title, items }) => [title.toUpperCase(), ...items.map(itemText)].join('\n')),
    ['--', ...footer.map(printable)].join('\n'),
  ]
  return `${parts.join('\n\n')}\n`
}

function itemText({ text, lines }: MailItem): string {
  const told = lines.map((line) => `    ${label(line.label)}${printable(line.text)}`)
  return [`- ${printable(text)}`, ...told].join('\n')
}

function label(word: string): string {
  return word === '' ? '' : `${word}: `
}

/** No script, no picture, nothing from elsewhere; reads well where styles are left out. */
export function mailHtml({ subject, headline, sections, footer }: MailContent): string {
  const page = html`<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>${subject}</title>
<style>${styleSheet(style)}</style></head><body>
<p class="first">${headline}</p>
${joined(sections.map(sectionHtml), '\n')}
<p class="last">${joined(footer, html`<br>`)}</p>
</body></html>
`
  return page.text
}

function sectionHtml({ title, items }: MailContent['sections'][number]): Html {
  return html`<h2>${title}</h2>
<ul>${joined(items.map(itemHtml), '\n')}</ul>`
}

function itemHtml({ text, lines }: MailItem): Html {
  const told = lines.map((line) => html`<br>${line.label !== '' && html`<b>${line.label}:</b> `}${line.text}`)
  return html`<li>${text}${told}</li>`
}

const style = `body { font: 16px/1.45 sans-serif; max-width: 44em; margin: 1em auto; padding: 0 1em; color: #1b1f24; background: #fff }
h2 { font-size: 1em; margin: 1.5em 0 .3em } ul { margin: 0; padding-left: 1.2em } li { margin: .4em 0 }
.first { font-size: 1.15em } .last { margin-top: 2em; color: #57606a; font-size: .85em }`

// The frame of a page that stands by itself: one file, no script, nothing loaded, and a content policy that says so. Pages of the
// dashboard have site.ts's frame.

import { createHash } from 'node:crypto'
import { type Html, html, styleSheet } from './html.ts'
import { styles } from './style.ts'

const styleHash = createHash('sha256').update(styles).digest('base64')

/** The style sheet that is ours, and nothing else at all. */
const policy = `default-src 'none'; style-src 'sha256-${styleHash}'; base-uri 'none'; form-action 'none'`

/** The text of a file that opens offline. `foot` says how and when it was made. */
export function standalonePage(page: { title: string; body: Html; foot: string }): string {
  return html`<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<meta name="referrer" content="no-referrer">
<title>${page.title}</title>
<style>${styleSheet(styles)}</style>
</head>
<body>
<main>
${page.body}</main>
<footer><p>${page.foot}</p></footer>
</body>
</html>
`.text
}

// The pages on which a person allows an app what it asks, or does not, and the page that says why an app cannot ask. What comes of
// it is login.ts's business.

import type { LoginProblem, LoginRequest } from './login.ts'
import type { Organisation } from './organisation.ts'
import { Html, html, nothing, pageStyle } from './person-html.ts'
import type { Reply } from './reply.ts'

export function loginPage(
  login: LoginRequest,
  shown: {
    readonly rawQuery: string
    readonly organisations: readonly Organisation[]
    readonly mistake: string | null
  },
): Reply {
  const { organisations, rawQuery, mistake } = shown
  const type = login.mayPickSeveral ? 'checkbox' : 'radio'
  const choices = organisations.map(
    ({ tenantId, profile }, at) =>
      html`<label class="pick"><input type="${type}" name="organisation" value="${tenantId}"${at === 0 ? html` checked` : nothing}> ${profile.name}</label>
`,
  )
  const body = html`<form method="post"><input type="hidden" name="query" value="${rawQuery}">
<fieldset><legend>Organisation</legend>
${choices}</fieldset>
<p>It asks for:</p>
<ul>${login.scopes.map((scope) => html`<li>${scope}</li>`)}</ul>
<button name="decision" value="allow">Allow access</button>
<button name="decision" value="decline" class="grave">Cancel</button>
</form>`
  return page(mistake === null ? 200 : 422, `${login.appName} wants access`, body, mistake)
}

export function loginProblemPage({ error, says }: LoginProblem): Reply {
  return page(400, 'Sorry, something went wrong', html`<p>Error: ${error}</p><p>${says}</p>`, null)
}

function page(status: number, title: string, body: Html, mistake: string | null): Reply {
  const banner = mistake === null ? nothing : html`<p class="banner mistake" role="alert">${mistake}</p>`
  const { markup } = html`<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${title}</title>
<style>${new Html(pageStyle)}</style>
</head>
<body>
<header><p><b>Log in to Xero</b> <span class="tag">sandbox</span></p></header>
<main>
${banner}<h1>${title}</h1>
${body}
</main>
</body>
</html>
`
  // A browser holds the redirect after a form to form-action too, so that has to name where apps are called back.
  const policy =
    "default-src 'none'; style-src 'unsafe-inline'; form-action 'self' http://localhost:* https:; base-uri 'none'; frame-ancestors 'none'"
  return {
    status,
    headers: {
      'Content-Type': 'text/html; charset=utf-8',
      'Content-Security-Policy': policy,
      'X-Content-Type-Options': 'nosniff',
      'Referrer-Policy': 'same-origin',
      'Cache-Control': 'no-store',
    },
    body: markup,
  }
}

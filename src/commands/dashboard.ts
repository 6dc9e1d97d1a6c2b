// `dashboard`: the ledger as pages in a browser on this machine, to look at and nothing else, until stopped (V8).

import { randomBytes } from 'node:crypto'
import { isoInstant } from '../clock.ts'
import { type Answer, type Dashboard, startDashboard } from '../dashboard/server.ts'
import { AuxoError } from '../errors.ts'
import { chooseEntities } from '../ledger/books.ts'
import { openLedgerToRead } from '../ledger/open.ts'
import { ledgerProblem } from '../ledger/problems.ts'
import { whyNoPort } from '../port.ts'
import { instantText } from '../reporting/figures.ts'
import { bareText, siteText, stylePath, styleText, welcomeText } from '../reporting/html/site.ts'
import { type CommandContext, type ExitCode, openOptions } from './context.ts'
import { entityAsked, Unanswerable } from './dashboard-questions.ts'
import { routes } from './dashboard-routes.ts'
import { openInBrowser } from './open-browser.ts'
import { timeZoneOf, writeJson } from './telling.ts'

export interface DashboardFlags {
  port: number
  open?: boolean
}

export async function dashboardCommand(context: CommandContext, flags: DashboardFlags): Promise<ExitCode> {
  const { host } = context
  // What keeps every page from being made is said before a browser is opened.
  await answerFrom(context, async () => undefined)
  const dashboard = await start(context, flags)
  const stopped = new Promise<void>((resolve) => {
    host.onInterrupt(resolve)
  })
  if (context.flags.json) writeJson(context, { url: dashboard.entrance })
  else host.stdout.write(`${dashboard.entrance}\n`)
  if (!context.flags.quiet) {
    host.stderr.write(
      'Open this address in a browser on this machine. It is for you alone: who has it can read the ledger. The dashboard runs until you stop it with Ctrl-C.\n',
    )
  }
  const closeBrowser = flags.open
    ? await openInBrowser(dashboard.entrance, host, tellNoBrowser(context))
    : null
  await stopped
  await closeBrowser?.()
  await dashboard.close()
  return 0
}

function tellNoBrowser({ host }: CommandContext): () => void {
  return () => host.stderr.write('No browser could be opened from here: open the address yourself.\n')
}

async function start(context: CommandContext, { port }: DashboardFlags): Promise<Dashboard> {
  try {
    return await startDashboard(
      { port, token: randomBytes(24).toString('base64url') },
      {
        page: (url) => answer(context, url),
        refusal: (why) => bareText('Not shown', why),
        welcome: welcomeText,
      },
    )
  } catch (error) {
    throw portProblem(error, port) ?? error
  }
}

function portProblem(error: unknown, port: number): AuxoError | null {
  const reason = whyNoPort(error)
  if (reason === null) return null
  return new AuxoError(
    'usage',
    `Port ${port} cannot be used: ${reason}. Take another with --port, or leave it out for any free one.`,
    { cause: error },
  )
}

/** Opens the ledger to read, and closes it again, whatever happens. */
async function answerFrom<T>(
  context: CommandContext,
  work: (ledger: ReturnType<typeof openLedgerToRead>) => Promise<T>,
): Promise<T> {
  const { host, ledgerFile } = context
  const ledger = openLedgerToRead(ledgerFile, openOptions(host))
  try {
    return await work(ledger)
  } finally {
    ledger.close()
  }
}

async function answer(context: CommandContext, url: URL): Promise<Answer> {
  if (url.pathname === stylePath) return { status: 200, type: 'text/css', text: styleText }
  try {
    return { status: 200, type: 'text/html', text: await pageText(context, url) }
  } catch (error) {
    return failedAnswer(context, error)
  }
}

async function pageText(context: CommandContext, url: URL): Promise<string> {
  const route = Object.hasOwn(routes, url.pathname) ? routes[url.pathname] : undefined
  if (!route) throw new Unanswerable(404, 'The dashboard has no such page.')
  return answerFrom(context, async (ledger) => {
    const entities = await chooseEntities(ledger, context.flags.entity)
    const page = await route({ context, ledger, asked: url.searchParams, entities })
    const chosen = entityAsked(url.searchParams, entities)
    const [first] = entities
    const at = instantText(isoInstant(ledger.clock.now()), first ? await timeZoneOf(ledger, first) : 'UTC')
    return siteText(page, {
      entity: chosen?.code ?? null,
      foot: `Read from the ledger on ${at}. Nothing can be changed here.`,
    })
  })
}

/** A page that says what happened; a bug is told in the terminal, where its report belongs. */
function failedAnswer(context: CommandContext, error: unknown): Answer {
  const type = 'text/html'
  if (error instanceof Unanswerable)
    return { status: error.status, type, text: bareText('Not found', error.message) }
  const known = error instanceof AuxoError ? error : ledgerProblem(error, context.ledgerFile)
  if (known)
    return {
      status: 503,
      type,
      text: bareText('Not to be had now', [known.message, ...known.details].join(' ')),
    }
  context.host.stderr.write(
    `This is a bug of auxo-sync ${context.host.version}.\n${error instanceof Error ? error.stack : String(error)}\n`,
  )
  return {
    status: 500,
    type,
    text: bareText('A bug', 'This page could not be made. The terminal of the dashboard says why.'),
  }
}

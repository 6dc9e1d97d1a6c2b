// `import`: reads CSV files into the ledger, each all or nothing, and reports what became of every one (D2, D3).
// What a kind of file means is in the kinds' own files; how rows are written is ledger/loading.ts.

import { dirname, resolve } from 'node:path'
import { type AmountsMode, amountsModes } from '../accounting/kinds.ts'
import { nearest } from '../accounting/nearest.ts'
import { findRegion } from '../accounting/regions.ts'
import { AuxoError } from '../errors.ts'
import { type LoadCounts, type LoadTable, openStage, rehearse, type Stage } from '../ledger/loading.ts'
import { findEntities, openLookups } from '../ledger/loading-lookups.ts'
import type { Ledger } from '../ledger/open.ts'
import { type CsvRow, csvRows } from './csv-rows.ts'
import { dateFormatReader, isoDate, regionDate } from './dates.ts'
import { type EntityScope, entityScope } from './entity-scope.ts'
import { type Column, type FileKind, type FileKindName, fileKindNames, type Loader } from './file-kind.ts'
import { fileKinds, findFileKind } from './file-kinds.ts'
import { matchHeader } from './header.ts'
import { FileRefused, type InputProblem, ProblemList, problemText, shorten } from './problems.ts'
import { rowReader } from './row-reader.ts'
import type { CellReader } from './values.ts'

export interface ImportOptions {
  /** Kind of file, overriding what the header says: a word of fileKindNames. */
  as?: string | undefined
  /** Code of the billing entity of files that name none. */
  entity?: string | undefined
  /** Such as DD/MM/YYYY. */
  dateFormat?: string | undefined
  /** Whether amounts in Xero's templates are without tax, with it, or have none; exclusive if left out. */
  amounts?: string | undefined
  dryRun: boolean
  /** Who imports, for the events of changed settings. */
  who: string
  /** What relative file names are relative to; the working folder if left out. */
  folder?: string | undefined
  /** Called now and then with the rows read so far. */
  onProgress?: ((file: string, rows: number) => void) | undefined
}

export interface FileReport {
  file: string
  /** Null where the file was refused before its kind was known. */
  kind: FileKindName | null
  /** Rows read, without the header. */
  rows: number
  dryRun: boolean
  /** What was written, by table; empty where the file was refused. */
  tables: Partial<Record<LoadTable, LoadCounts>>
  /** Columns that have values and no place in the ledger. */
  ignored: string[]
  /** The first of them; none where the file was imported. */
  problems: InputProblem[]
  problemCount: number
}

export interface ImportReport {
  files: FileReport[]
}

/**
 * Imports the files in order, each in one transaction: a refused file changes nothing and the others are imported.
 * AuxoError `usage` for options that are none; `importProblem` turns refused files into an error.
 */
export async function importFiles(
  ledger: Ledger,
  files: readonly string[],
  options: ImportOptions,
): Promise<ImportReport> {
  const plan = checkedOptions(options)
  const importAll = async () => {
    const reports: FileReport[] = []
    for (const file of files) reports.push(await importFile(ledger, file, plan))
    return { files: reports }
  }
  return options.dryRun ? rehearse(ledger, importAll) : importAll()
}

/** The error of exit 3 that lists every problem of the refused files; null where all were imported. */
export function importProblem(report: ImportReport): AuxoError | null {
  const refused = report.files.filter((file) => file.problemCount > 0)
  if (refused.length === 0) return null
  const details = refused.flatMap((file) => [
    ...file.problems.map((problem) => `${file.file}: ${problemText(problem)}`),
    ...(file.problemCount > file.problems.length
      ? [
          `${file.file}: and ${(file.problemCount - file.problems.length).toLocaleString('en')} more problems.`,
        ]
      : []),
  ])
  return new AuxoError('input-invalid', refusalSentence(report, refused), { details })
}

function refusalSentence(report: ImportReport, refused: readonly FileReport[]): string {
  const problems = refused.reduce((sum, file) => sum + file.problemCount, 0)
  const count = `${problems.toLocaleString('en')} ${problems === 1 ? 'problem' : 'problems'}`
  const [first] = refused
  const names = refused.map((file) => file.file).join(', ')
  const rest = report.files.length - refused.length
  const others = rest === 0 ? '' : ` The other ${rest === 1 ? 'file was' : `${rest} files were`} imported.`
  return refused.length === 1 && first
    ? `${first.file} was not imported, and nothing of it was kept: ${count}. Correct the file and import it again.${others}`
    : `${refused.length} files were not imported, and nothing of them was kept: ${count} in ${names}. Correct them and import them again.${others}`
}

interface ImportPlan extends ImportOptions {
  kind: FileKind | null
  dates: CellReader | null
  mode: AmountsMode
}

function checkedOptions(options: ImportOptions): ImportPlan {
  const kind = options.as === undefined ? null : findFileKind(options.as)
  if (options.as !== undefined && !kind) {
    const meant = nearest(options.as, fileKindNames)
    throw new AuxoError(
      'usage',
      `--as takes one of ${fileKindNames.join(', ')}, not “${options.as}”.${meant ? ` Did you mean ${meant}?` : ''}`,
    )
  }
  const dates = options.dateFormat === undefined ? null : dateFormatReader(options.dateFormat)
  if (options.dateFormat !== undefined && !dates) {
    throw new AuxoError(
      'usage',
      `--date-format takes day, month and year such as DD/MM/YYYY, MM/DD/YYYY or DD MMM YYYY, not “${options.dateFormat}”.`,
    )
  }
  const mode = amountsModes.find((known) => known === (options.amounts ?? 'exclusive'))
  if (!mode) {
    throw new AuxoError(
      'usage',
      `--amounts takes exclusive, inclusive or no_tax, not “${options.amounts ?? ''}”.`,
    )
  }
  return { ...options, kind, dates, mode }
}

async function importFile(ledger: Ledger, file: string, plan: ImportPlan): Promise<FileReport> {
  const report: FileReport = {
    file,
    kind: null,
    rows: 0,
    dryRun: plan.dryRun,
    tables: {},
    ignored: [],
    problems: [],
    problemCount: 0,
  }
  const problems = new ProblemList()
  try {
    await readFile(ledger, file, plan, report, problems)
  } catch (error) {
    if (!(error instanceof FileRefused)) throw error
    problems.add({ line: error.line, column: null, value: null, reason: error.message })
  }
  report.problems = problems.kept
  report.problemCount = problems.count
  return report
}

async function readFile(
  ledger: Ledger,
  file: string,
  plan: ImportPlan,
  report: FileReport,
  problems: ProblemList,
): Promise<void> {
  const entities = entityScope(findEntities(ledger), plan.entity)
  let reading: FileReading | null = null
  try {
    for await (const batch of csvRows(resolve(plan.folder ?? '', file))) {
      const rows = reading ? batch : batch.slice(1)
      const [header] = batch
      if (!reading && header) {
        reading = startReading({ ledger, entities, plan, report, problems }, header)
        if (!reading) return
      }
      reading?.take(rows)
      report.rows += rows.length
      plan.onProgress?.(file, report.rows)
    }
    if (report.rows === 0) throw new FileRefused('The file has a header and no rows below it.')
    if (problems.count === 0) report.tables = reading?.merge() ?? {}
  } finally {
    reading?.close()
  }
}

interface FileReading {
  take(rows: readonly CsvRow[]): void
  merge(): Partial<Record<LoadTable, LoadCounts>>
  close(): void
}

interface ReadingContext {
  ledger: Ledger
  entities: EntityScope
  plan: ImportPlan
  report: FileReport
  problems: ProblemList
}

/** Null where the header is refused: its problems say why, and the rows below it mean nothing. */
function startReading(context: ReadingContext, header: CsvRow): FileReading | null {
  const { ledger, entities, plan, report, problems } = context
  const match = matchHeader(header.cells, fileKinds, plan.kind)
  report.kind = match.kind.name
  for (const problem of match.problems) problems.add({ ...problem, line: header.line })
  if (match.problems.length > 0) return null
  const { kind, columns } = match
  refuseWithoutEntity(kind, columns, entities)
  const stage = openStage(ledger, kind.tables)
  const lookups = openLookups(ledger, { names: kind.namesContacts })
  const close = () => {
    lookups.close()
    stage.close()
  }
  try {
    const loader = kind.open({
      ledger,
      stage,
      lookups,
      entities,
      amounts: plan.mode,
      who: plan.who,
      folder: dirname(resolve(plan.folder ?? '', report.file)),
      columnsOf: (table) => columns.flatMap((column) => (column?.table === table ? [column.column] : [])),
    })
    const noteIgnored = ignoredNoter(header, columns, report)
    const read = rowReader(columns, dateReader(kind, plan, entities), problems)
    return {
      close,
      take: (rows) => {
        stage.batch(() => {
          for (const csv of rows) {
            noteIgnored(csv)
            const row = read(csv)
            if (row) loader.take(row)
          }
        })
      },
      merge: () => mergeAll(stage, loader),
    }
  } catch (error) {
    close()
    throw error
  }
}

/** Said once for the file, not on each of its rows. */
function refuseWithoutEntity(
  kind: FileKind,
  columns: readonly (Column | null)[],
  entities: EntityScope,
): void {
  const isEntity = (column: Column | null) => column?.column === 'entity'
  if (kind.columns.some(isEntity) && !columns.some(isEntity)) entities.only()
}

function mergeAll(stage: Stage, loader: Loader): Partial<Record<LoadTable, LoadCounts>> {
  return Object.fromEntries(stage.merge(loader.steps(), loader.prepare))
}

function dateReader(kind: FileKind, plan: ImportPlan, entities: EntityScope): CellReader {
  if (plan.dates) return plan.dates
  if (kind.dates === 'iso') return isoDate
  const { region } = entities.only()
  return regionDate(findRegion(region)?.dateOrder ?? null, region)
}

/** Says which columns are not kept, once each and only where they hold something. */
function ignoredNoter(header: CsvRow, columns: readonly (Column | null)[], report: FileReport) {
  const ignored = new Map<number, string>()
  for (const [index, column] of columns.entries()) {
    const name = shorten((header.cells[index] ?? '').trim())
    if (!column) ignored.set(index, name || `column ${index + 1}, which has no name`)
  }
  return (csv: CsvRow) => {
    for (const [index, name] of ignored) {
      if ((csv.cells[index] ?? '').trim() === '') continue
      report.ignored.push(name)
      ignored.delete(index)
    }
  }
}

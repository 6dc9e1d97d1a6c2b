// `import FILE…`: CSV files into the ledger's source tables, and what became of each. The reading is importing/.

import type { FileReport } from '../importing/import-files.ts'
import { importFiles, importProblem } from '../importing/import-files.ts'
import type { CommandContext, ExitCode } from './context.ts'

export interface ImportCommandOptions {
  as?: string | undefined
  dryRun?: boolean | undefined
  dateFormat?: string | undefined
  amounts?: string | undefined
}

/** AuxoError `input-invalid` (exit 3) with every problem where a file is refused; the others are imported. */
export async function importCommand(
  context: CommandContext,
  files: readonly string[],
  options: ImportCommandOptions,
): Promise<ExitCode> {
  const { flags, host } = context
  const showsProgress = host.stderr.isTTY === true && !flags.quiet && !flags.json
  const report = await context.withLedger((ledger) =>
    importFiles(ledger, files, {
      ...options,
      entity: flags.entity,
      dryRun: options.dryRun ?? false,
      who: host.user,
      folder: host.cwd,
      onProgress: showsProgress
        ? (file, rows) => host.stderr.write(`\r\u001b[K${file}: ${rows.toLocaleString('en')} rows read`)
        : undefined,
    }),
  )
  if (showsProgress) host.stderr.write('\r\u001b[K')
  if (flags.json) host.stdout.write(`${JSON.stringify(report)}\n`)
  else if (!flags.quiet) host.stdout.write(reportText(report.files))
  const problem = importProblem(report)
  if (problem) throw problem
  if (!flags.json && !flags.quiet) host.stderr.write(nextStep(report.files))
  return 0
}

function reportText(files: readonly FileReport[]): string {
  return files
    .filter((file) => file.problemCount === 0)
    .map((file) => `${[headLine(file), ...tableLines(file), ...ignoredLines(file)].join('\n')}\n`)
    .join('\n')
}

function headLine(file: FileReport): string {
  const rows = `${file.rows.toLocaleString('en')} ${file.rows === 1 ? 'row' : 'rows'}`
  return `${file.file}: ${file.kind ?? 'unknown'}, ${rows}${file.dryRun ? ' (dry run: nothing was written)' : ''}`
}

const heads = ['new', 'changed', 'unchanged', 'removed'] as const

function tableLines(file: FileReport): string[] {
  const rows = Object.entries(file.tables)
  const shown = heads.filter((head) => head !== 'removed' || rows.some(([, counts]) => counts.removed > 0))
  const width = Math.max(...rows.map(([table]) => table.length), 0)
  const line = (name: string, cells: readonly string[]) =>
    `  ${name.padEnd(width)}${cells.map((cell) => cell.padStart(12)).join('')}`
  return [
    line('', shown),
    ...rows.map(([table, counts]) =>
      line(
        table,
        shown.map((head) => counts[head].toLocaleString('en')),
      ),
    ),
  ]
}

function ignoredLines(file: FileReport): string[] {
  return file.ignored.length === 0
    ? []
    : [`  Not kept, the ledger has no place for it: ${file.ignored.join(', ')}`]
}

function nextStep(files: readonly FileReport[]): string {
  if (files.some((file) => file.dryRun)) return 'Without --dry-run the same would be written.\n'
  return 'Next: auxo-sync validate\n'
}

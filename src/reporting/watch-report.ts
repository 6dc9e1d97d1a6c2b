// A run of `watch` in one line: when, for whom, what went out and what came back. Which runs there are is batch/watch.ts.

import type { RunReport } from '../accounting/outcomes.ts'
import { countText, firstOf, instantText } from './figures.ts'
import { failedOf, pulledText, wentOutText } from './run-report.ts'
import { type Piece, toned } from './terminal.ts'

const namedFailures = 3

/** `22 Nov 2026 16:04 GMT+13  NZ01: 1 payment sent; back from Xero: 1 payment. 1 failed: INV-7.` */
export function watchLine(report: RunReport, timeZone: string): Piece[] {
  const back = pulledText(report.pulled)
  const failed = failedOf(report)
  const names = [...new Set(report.failures.map(({ number, id }) => number || id))]
  const { uncertain } = report.waiting
  return [
    toned('faint', instantText(report.finishedAt, timeZone)),
    '  ',
    toned('strong', report.entity),
    `: ${wentOutText(report)} sent${back === null ? '' : `; back from Xero: ${back}`}.`,
    ...(failed > 0
      ? [
          toned(
            'bad',
            ` ${countText(failed)} failed${names.length > 0 ? `: ${firstOf(names, namedFailures)}` : ''}.`,
          ),
        ]
      : []),
    ...(uncertain > 0 ? [toned('caution', ` ${countText(uncertain)} with a lost answer.`)] : []),
    ...(report.stopReason === null ? [] : [toned('bad', ` Stopped: ${report.stopReason}`)]),
  ]
}

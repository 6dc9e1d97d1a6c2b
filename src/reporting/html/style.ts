// The one style sheet of all pages: light and dark, wide and narrow, screen and A4. No font, picture or other file is loaded.

const colours = `
:root { color-scheme: light dark; --ink: #1c2024; --soft: #565d64; --paper: #fff; --panel: #f4f6f8; --line: #d3d9df; --link: #0b5cad;
  --good: #1a7340; --caution: #8a5300; --bad: #b3261e; --blue: #2f6fb7; --orange: #b45f06; --grey: #7a828a; --focus: #0b5cad; }
@media (prefers-color-scheme: dark) {
  :root { --ink: #e8eaed; --soft: #aab2ba; --paper: #14171a; --panel: #1e2327; --line: #3a4249; --link: #8ab8ee;
    --good: #6cc590; --caution: #e3ab5c; --bad: #f2928b; --blue: #76abe6; --orange: #e09a4f; --grey: #98a1aa; --focus: #8ab8ee; }
}
@media print {
  :root { color-scheme: light; --ink: #000; --soft: #444; --paper: #fff; --panel: #fff; --line: #bbb; --link: #000;
    --good: #1a7340; --caution: #8a5300; --bad: #b3261e; --blue: #2f6fb7; --orange: #b45f06; --grey: #7a828a; }
}
`

const text = `
* { box-sizing: border-box; }
html { -webkit-text-size-adjust: 100%; }
body { background: var(--paper); color: var(--ink); font: 1rem/1.5 system-ui, "Segoe UI", Roboto, "Noto Sans", sans-serif; margin: 0; }
main, header > *, footer { margin: 0 auto; max-width: 76rem; padding: 0 1.25rem; }
main { padding-bottom: 3rem; }
h1 { font-size: 1.6rem; line-height: 1.25; margin: 1.6rem 0 .2rem; }
h2 { font-size: 1.2rem; margin: 2.4rem 0 .5rem; }
h3 { font-size: 1rem; margin: 1.4rem 0 .3rem; }
h1, h2, h3, p, li, dd, summary, caption, th, td { overflow-wrap: anywhere; }
p { margin: .4rem 0; }
a { color: var(--link); }
a:focus-visible, summary:focus-visible, input:focus-visible, select:focus-visible, button:focus-visible, main:focus-visible, .wide:focus-visible {
  outline: 3px solid var(--focus); outline-offset: 2px; border-radius: 3px; }
.soft, .none, small { color: var(--soft); }
small { display: block; font-size: .85rem; font-weight: 400; }
.good { color: var(--good); } .caution { color: var(--caution); } .bad { color: var(--bad); }
.state { font-weight: 600; }
.unseen { clip-path: inset(50%); height: 1px; overflow: hidden; position: absolute; white-space: nowrap; width: 1px; }
.facts { display: grid; gap: .1rem 1.2rem; grid-template-columns: max-content 1fr; margin: .6rem 0; }
.facts dt { color: var(--soft); } .facts dd { margin: 0; }
.tiles { display: grid; gap: .75rem; grid-template-columns: repeat(auto-fit, minmax(9rem, 1fr)); list-style: none; margin: 1rem 0; padding: 0; }
.tiles li { background: var(--panel); border: 1px solid var(--line); border-radius: 6px; padding: .6rem .9rem; }
.tiles b { display: block; font-size: 1.3rem; font-variant-numeric: tabular-nums; }
.panels { display: grid; gap: 0 2.5rem; grid-template-columns: repeat(auto-fit, minmax(min(100%, 26rem), 1fr)); }
`

const tables = `
table { border-collapse: collapse; font-variant-numeric: tabular-nums; margin: .5rem 0 1rem; width: 100%; }
caption { color: var(--soft); padding: .2rem 0; text-align: left; }
th, td { border-bottom: 1px solid var(--line); padding: .4rem .8rem .4rem 0; text-align: left; vertical-align: top; }
td, tbody th { min-width: 4.5rem; }
td.number { min-width: 0; }
thead th { color: var(--soft); font-size: .85rem; font-weight: 600; overflow-wrap: normal; vertical-align: bottom; }
thead th.number { white-space: normal; }
tbody th { font-weight: 600; }
.wide { overflow-x: auto; }
.wide .number { padding-left: .6rem; }
table.narrow { min-width: 20rem; width: auto; }
.number { padding-right: 0; padding-left: .8rem; text-align: right; white-space: nowrap; overflow-wrap: normal; }
th.number + td:not(.number), td.number + td:not(.number), th.number + th:not(.number) { padding-left: 1.6rem; }
tfoot th, tfoot td { border-bottom: 0; border-top: 2px solid var(--ink); font-weight: 600; }
tfoot tr + tr > * { border-top: 0; }
@media screen and (max-width: 45rem) {
  table, tbody, tfoot, caption { display: block; }
  thead { display: none; }
  tr { border-bottom: 1px solid var(--line); display: block; padding: .5rem 0; }
  tbody th, td, tfoot th, tfoot td { border: 0; display: flow-root; padding: .1rem 0; text-align: right; white-space: normal; }
  tbody th, tfoot th { display: block; text-align: left; }
  td::before { color: var(--soft); content: attr(data-head); float: left; font-weight: 400; margin-right: 1rem; max-width: 45%; text-align: left; }
  td[data-head=""]::before { content: none; }
  table.narrow { min-width: 0; width: 100%; }
  td:empty { display: none; }
  tfoot { border-top: 2px solid var(--ink); }
  th.number + td:not(.number), td.number + td:not(.number), th.number + th:not(.number), .number { padding-left: 0; }
}
`

const charts = `
figure { margin: 1rem 0; max-width: 46rem; }
figcaption { font-weight: 600; }
svg { display: block; }
.bars > div { align-items: center; display: grid; gap: .1rem .7rem; grid-template-columns: minmax(5rem, 9.5rem) 1fr minmax(4rem, max-content); padding: .12rem 0; }
.bars > div > span:last-child { font-variant-numeric: tabular-nums; text-align: right; }
.bars svg { height: 1rem; width: 100%; }
.columns > svg { border-bottom: 1px solid var(--grey); border-top: 1px dotted var(--line); height: 9rem; width: 100%; }
.columns > span, .columns > div { color: var(--soft); font-size: .85rem; }
.columns > div { display: flex; justify-content: space-between; }
.fill-good { fill: var(--good); } .fill-caution { fill: var(--caution); } .fill-bad { fill: var(--bad); }
.fill-blue { fill: var(--blue); } .fill-orange { fill: var(--orange); } .fill-grey { fill: var(--grey); }
.trend { fill: none; stroke: var(--blue); stroke-width: 1.5; vector-effect: non-scaling-stroke; }
.legend { display: flex; flex-wrap: wrap; font-size: .9rem; gap: .2rem 1.2rem; list-style: none; margin: .3rem 0; padding: 0; }
.legend svg { display: inline-block; height: .8em; margin-right: .4em; vertical-align: -.05em; width: .8em; }
td svg.small { display: inline-block; height: 1.4rem; width: 6rem; }
`

const parts = `
details { margin: .3rem 0; }
summary { color: var(--link); cursor: pointer; }
.cause { border-left: 4px solid var(--line); margin: 1rem 0; padding: .1rem 0 .1rem 1rem; }
.cause.error { border-color: var(--bad); } .cause.warning { border-color: var(--caution); }
.cause h3 { margin: 0 0 .2rem; }
.numbers { columns: 9rem auto; list-style: none; margin: .3rem 0; padding: 0; }
.numbers li { break-inside: avoid; }
q { font-style: italic; }
.bar { background: var(--panel); border-bottom: 1px solid var(--line); }
.bar > div { align-items: baseline; display: flex; flex-wrap: wrap; gap: .2rem 1.5rem; padding-bottom: .5rem; padding-top: .5rem; }
.bar ul { display: flex; flex-wrap: wrap; gap: .1rem 1.1rem; list-style: none; margin: 0; padding: 0; }
.bar a { display: inline-block; padding: .35rem 0; }
.bar a[aria-current] { color: var(--ink); font-weight: 600; text-decoration: none; }
.skip { background: var(--paper); left: 1rem; padding: .4rem .8rem; position: absolute; top: -4rem; }
.skip:focus { top: .3rem; }
form.filter { align-items: end; background: var(--panel); border: 1px solid var(--line); border-radius: 6px; display: flex; flex-wrap: wrap; gap: .6rem 1rem; margin: 1rem 0; padding: .8rem 1rem; }
form.filter label { color: var(--soft); display: block; font-size: .85rem; }
input, select, button { background: var(--paper); border: 1px solid var(--grey); border-radius: 4px; color: var(--ink); font: inherit; max-width: 100%; min-height: 2.25rem; padding: .25rem .5rem; }
button { background: var(--link); border-color: var(--link); color: var(--paper); cursor: pointer; font-weight: 600; padding: .25rem 1rem; }
.pages { display: flex; flex-wrap: wrap; gap: .4rem 1.2rem; margin: 1rem 0; }
.pages a { padding: .35rem 0; }
footer { border-top: 1px solid var(--line); color: var(--soft); font-size: .85rem; padding-bottom: 2rem; padding-top: .6rem; }
`

const print = `
@page { margin: 14mm 14mm 16mm; size: A4; }
@media print {
  body { font-size: 9.5pt; line-height: 1.4; }
  main, footer { max-width: none; padding: 0; }
  h1 { font-size: 16pt; margin-top: 0; } h2 { font-size: 12.5pt; margin-top: 14pt; } h3 { font-size: 10.5pt; }
  h1, h2, h3, caption, summary { break-after: avoid; }
  thead { display: table-header-group; } tfoot { display: table-row-group; }
  tr, figure, .tiles li, .cause > h3, .facts > * { break-inside: avoid; }
  thead th, small, .soft { font-size: 8pt; }
  table { font-size: 9pt; }
  th, td { padding: 2pt 6pt 2pt 0; }
  td, tbody th { min-width: 0; }
  .number { padding-left: 5pt; padding-right: 0; }
  tbody th { min-width: 28mm; }
  figure { max-width: 150mm; }
  .tiles { grid-template-columns: repeat(5, 1fr); } .tiles b { font-size: 12pt; }
  .panels { grid-template-columns: 1fr 1fr; }
  .bar, .skip, form.filter, .pages, .only-screen { display: none; }
  a { text-decoration: none; }
  details::details-content { block-size: auto; content-visibility: visible; opacity: 1; }
  details.only-screen { display: none; }
  .next-sheet { break-before: page; }
  svg * { print-color-adjust: exact; -webkit-print-color-adjust: exact; }
}
`

export const styles = [colours, text, tables, charts, parts, print].join('')

// Charts as inline SVG, in the colours of the style sheet. Each stands in a figure with its table, which says the same to those who do
// not see it and to a printer without ink.

import { type Html, html } from './html.ts'
import { pageTable } from './table.ts'

export type Colour = 'good' | 'caution' | 'bad' | 'blue' | 'orange' | 'grey'

export interface Series {
  name: string
  colour: Colour
}

/** A row of a chart: a value for each series, whole numbers not below zero. */
export interface Point {
  name: string
  values: readonly number[]
}

export interface Chart {
  title: string
  series: readonly Series[]
  points: readonly Point[]
  /** How a value is written: an amount, a count. */
  valueText: (value: number) => string
  /** A colour for each point of a chart with one series. */
  colourOf?: (place: number) => Colour
}

/** Bars that lie one under the other, their series end to end: parts of a whole. */
export function barChart(chart: Chart): Html {
  const max = Math.max(1, ...chart.points.map(({ values }) => sum(values)))
  const rows = chart.points.map(({ name, values }, place) => {
    const own = chart.colourOf?.(place)
    let x = 0
    const pieces = values.map((value, index) => {
      const length = (value / max) * 100
      x += length
      return (
        value > 0 &&
        rectangle(own ?? chart.series[index]?.colour, { x: x - length, y: 0, width: length, height: 10 })
      )
    })
    return html`<div><span>${name}</span><svg viewBox="0 0 100 10" preserveAspectRatio="none">${pieces}</svg><span>${chart.valueText(sum(values))}</span></div>\n`
  })
  return figure(chart, html`<div class="bars" aria-hidden="true">\n${rows}</div>`)
}

/** Columns beside each other, a group a point: for days. The first, the middle and the last are named. */
export function columnChart(chart: Chart): Html {
  const { points, series } = chart
  const max = Math.max(1, ...points.flatMap(({ values }) => values))
  const step = 100 / Math.max(1, points.length)
  const wide = (step * 0.8) / Math.max(1, series.length)
  const columns = points.map(({ values }, place) =>
    values.map((value, index) => {
      const height = (value / max) * 100
      const x = place * step + index * wide
      return value > 0 && rectangle(series[index]?.colour, { x, y: 100 - height, width: wide, height })
    }),
  )
  const named = [points[0], points[Math.floor(points.length / 2)], points.at(-1)]
  return figure(
    chart,
    html`<div class="columns" aria-hidden="true"><span>${chart.valueText(max)}</span><svg viewBox="0 0 100 100" preserveAspectRatio="none">${columns}</svg><div>${named.map((point) => point !== undefined && html`<span>${point.name}</span>`)}</div></div>`,
  )
}

interface Box {
  x: number
  y: number
  width: number
  height: number
}

function rectangle(colour: Colour | undefined, { x, y, width, height }: Box): Html {
  return html`<rect class="fill-${colour ?? 'grey'}" x="${fixed(x)}" y="${fixed(y)}" width="${fixed(width)}" height="${fixed(height)}"/>`
}

/** A line as high as a row of text, for a cell whose neighbours have the figures. */
export function trendLine(values: readonly number[]): Html {
  const [least, most] = [Math.min(0, ...values), Math.max(0, ...values)]
  const span = most - least || 1
  const points = values.map((value, place) => {
    const x = values.length < 2 ? 50 : 2 + (place / (values.length - 1)) * 96
    return `${fixed(x)},${fixed(18 - ((value - least) / span) * 16)}`
  })
  return html`<svg class="small" viewBox="0 0 100 20" preserveAspectRatio="none" aria-hidden="true"><polyline class="trend" points="${points.join(' ')}"/></svg>`
}

function figure(chart: Chart, drawing: Html): Html {
  const { title, series, points, valueText } = chart
  return html`<figure><figcaption>${title}</figcaption>
${series.length > 1 && html`<ul class="legend">${series.map(({ name, colour }) => html`<li><svg viewBox="0 0 10 10" aria-hidden="true"><rect class="fill-${colour}" width="10" height="10"/></svg>${name}</li>`)}</ul>`}
${drawing}
<details class="only-screen"><summary>The same as a table<span class="unseen">: ${title}</span></summary>
${pageTable({
  caption: title,
  isCaptionHidden: true,
  columns: [{ head: '', isRowHead: true }, ...series.map(({ name }) => ({ head: name, isNumber: true }))],
  rows: points.map(({ name, values }) => [name, ...values.map(valueText)]),
})}</details>
</figure>
`
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0)
}

function fixed(value: number): string {
  return String(Math.round(value * 100) / 100)
}

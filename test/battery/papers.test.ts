import { kindTable } from '../../src/batch/kind-table.ts'
import { papers } from './papers.ts'
import { battery } from './situations.ts'

for (const kind of papers.filter(({ thing }) => kindTable[thing])) battery(kind)

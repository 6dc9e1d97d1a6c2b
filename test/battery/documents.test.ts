import { kindTable } from '../../src/batch/kind-table.ts'
import { documents } from './documents.ts'
import { battery } from './situations.ts'

for (const kind of documents.filter(({ thing }) => kindTable[thing])) battery(kind)

import { kindTable } from '../../src/batch/kind-table.ts'
import { money } from './money.ts'
import { battery } from './situations.ts'

for (const kind of money.filter(({ thing }) => kindTable[thing])) battery(kind)

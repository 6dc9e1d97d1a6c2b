import { money } from './money.ts'
import { battery } from './situations.ts'

for (const kind of money) battery(kind)

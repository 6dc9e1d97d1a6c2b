import { papers } from './papers.ts'
import { battery } from './situations.ts'

for (const kind of papers) battery(kind)

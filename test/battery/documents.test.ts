import { documents } from './documents.ts'
import { battery } from './situations.ts'

for (const kind of documents) battery(kind)

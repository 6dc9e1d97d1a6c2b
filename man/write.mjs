// Writes the manual page beside this file, from the built program: `npm run build` ends with it.

import { readFileSync, writeFileSync } from 'node:fs'
import { manText } from '../dist/man.js'

const { version } = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8'))
writeFileSync(new URL('./auxo-sync.1', import.meta.url), manText(version))

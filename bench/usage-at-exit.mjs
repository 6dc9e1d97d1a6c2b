// Preloaded into the process that is measured: writes its CPU time and peak memory to a file when it ends.
import { writeFileSync } from 'node:fs'

process.on('exit', () => {
  const { user, system } = process.cpuUsage()
  writeFileSync(
    process.env.BENCH_USAGE,
    JSON.stringify({ cpuMs: (user + system) / 1000, peakMb: process.resourceUsage().maxRSS / 1024 }),
  )
})

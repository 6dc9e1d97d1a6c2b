// The least that could be done: the same bytes, the same HTTP client, every answer read and parsed, nothing else.
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { Pool } from 'undici'

const [folder, origin] = process.argv.slice(2)
const pool = new Pool(origin, { connections: 5 })
const files = readdirSync(folder).filter((name) => name.endsWith('.request'))
const send = async (name) => {
  const { body } = await pool.request({
    method: 'PUT',
    path: `/api.xro/2.0/Invoices?summarizeErrors=false&unitdp=4`,
    headers: { 'content-type': 'application/json', accept: 'application/json', 'x-chunk': name },
    body: readFileSync(join(folder, name)),
  })
  const chunks = []
  for await (const chunk of body) chunks.push(chunk)
  JSON.parse(Buffer.concat(chunks).toString('utf8'))
}
const next = async () => {
  for (let name = files.shift(); name; name = files.shift()) await send(name)
}
await Promise.all([next(), next(), next(), next(), next()])
await pool.close()

// Answers the bare loop with what the sandbox answered to the same bytes. Prints its address.
import { readFileSync } from 'node:fs'
import { createServer } from 'node:http'
import { join } from 'node:path'

const [folder] = process.argv.slice(2)
const server = createServer((request, response) => {
  request.resume()
  request.on('end', () => {
    const answer = readFileSync(join(folder, request.headers['x-chunk'].replace('.request', '.response')))
    response.writeHead(200, { 'content-type': 'application/json', 'content-length': answer.length })
    response.end(answer)
  })
})
server.listen(0, '127.0.0.1', () => console.log(`http://127.0.0.1:${server.address().port}`))

// Where a ledger may lie. What the system says of a folder is handed in: a test has no network folder.

import { expect, test } from 'vitest'
import { testHost } from '../../test/support/host.ts'
import { runProgram } from '../program.ts'
import { refuseNetworkFolder } from './network-folder.ts'

const ext4 = 0xef53

test.each([
  ['a disk of this machine', '/books/ledger.db', ext4, null],
  ['memory', '/books/ledger.db', 0x01021994, null],
  ['what nobody can tell', '/books/ledger.db', null, null],
  ['NFS', '/books/ledger.db', 0x6969, 'NFS'],
  ['CIFS', '/books/ledger.db', 0xff534d42, 'a Windows share'],
  ['SMB', '/books/ledger.db', 0xfe534d42, 'a Windows share'],
  ['9p', '/books/ledger.db', 0x01021997, 'the host of this virtual machine'],
  ['FUSE', '/books/ledger.db', 0x65735546, 'FUSE'],
  ['a Windows share by its name', '\\\\server\\books\\ledger.db', null, 'a Windows share'],
  ['the same, in its long form', '\\\\?\\UNC\\server\\books\\ledger.db', null, 'a Windows share'],
  ['a long path on a disk of Windows', '\\\\?\\C:\\books\\ledger.db', null, null],
] as const)('%s', (_title, file, type, named) => {
  const place = () => refuseNetworkFolder(file, { folderType: () => type })
  if (named === null) return expect(place).not.toThrow()
  expect(place).toThrow(named)
  expect(place).toThrow('Move it to a disk of the machine that runs auxo-sync')
  expect(() => refuseNetworkFolder(file, { folderType: () => type, isNetworkAllowed: true })).not.toThrow()
})

test('the folder of a ledger that is still to be made is asked, and the file of one that is there', () => {
  const asked: string[] = []
  const folderType = (path: string) => {
    asked.push(path)
    return ext4
  }
  refuseNetworkFolder('/nowhere/at/all/ledger.db', { folderType })
  refuseNetworkFolder(import.meta.filename, { folderType })
  expect(asked).toEqual(['/nowhere/at/all', import.meta.filename])
})

test.each([['export'], ['status'], ['migrate'], ['dashboard']])(
  '%s of a ledger on NFS ends with 5 and says what to do, whatever the file holds',
  async (verb) => {
    const host = testHost({ folderType: () => 0x6969 })
    expect(await runProgram([verb, '--ledger', import.meta.filename], host)).toBe(5)
    expect(host.err()).toContain('AUXO_NETWORK_LEDGER=allow')
  },
)

test('none is made there, and a word that is not known lets nothing through', async () => {
  const host = testHost({ folderType: () => 0x6969, cwd: '/' })
  const init = ['init', '/tmp/made-on-nfs.db', '--entity', 'NZ01', '--name', 'X', '--region', 'NZ']
  expect(await runProgram(init, host)).toBe(5)
  const sure = testHost({ folderType: () => 0x6969, cwd: '/', env: { AUXO_NETWORK_LEDGER: 'yes' } })
  expect(await runProgram(init, sure)).toBe(3)
  expect(sure.err()).toContain('set it to allow')
})

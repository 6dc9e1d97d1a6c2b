// Refuses a ledger that lies in a network folder: SQLite's write-ahead log is shared through this machine's memory, so that
// two machines that write to one file do not see each other, and neither the lease nor the states of things hold any more.
// Who may have it all the same says so in the environment (AUXO_NETWORK_LEDGER, config.ts).

import { existsSync, statfsSync } from 'node:fs'
import { dirname } from 'node:path'
import { AuxoError } from '../errors.ts'

/** What Linux says a folder is (statfs(2)); the names are those that a person may know. */
const networkFolders: ReadonlyMap<number, string> = new Map([
  [0x6969, 'NFS'],
  [0x517b, 'SMB'],
  [0xff534d42, 'a Windows share'],
  [0xfe534d42, 'a Windows share'],
  [0x01021997, 'shared by the host of this virtual machine'],
  [0x5346414f, 'AFS'],
  [0x73757245, 'Coda'],
  [0x00c36400, 'Ceph'],
  [0x0bd00bd0, 'Lustre'],
  // It may be a disk of this machine or sshfs: that cannot be told, and the mistake costs more than a variable.
  [0x65735546, 'FUSE, perhaps a folder of another machine'],
])

export interface PlaceOptions {
  /** True where a person says that no other machine opens the file; refused in a network folder where it is left out. */
  isNetworkAllowed?: boolean | undefined
  /** Asked of the system where it is left out. Null where nobody can tell. */
  folderType?: ((path: string) => number | null) | undefined
}

/** AuxoError `ledger-on-network` where the file, or the folder of one that is to be made, is not on this machine. */
export function refuseNetworkFolder(file: string, options: PlaceOptions): void {
  if (options.isNetworkAllowed) return
  const type = (options.folderType ?? systemFolderType)(existsSync(file) ? file : dirname(file))
  const name = isWindowsShare(file) ? 'a Windows share' : networkFolders.get(type ?? 0)
  if (name === undefined) return
  throw new AuxoError(
    'ledger-on-network',
    `The ledger ${file} lies in a network folder (${name}). There two machines can write to it without seeing each other: documents could be sent twice, and the file be damaged. ` +
      'Nothing was changed. Move it to a disk of the machine that runs auxo-sync; if no other machine ever opens it, set AUXO_NETWORK_LEDGER=allow.',
  )
}

/** `\\\\server\\share`, and the same in its long form. */
function isWindowsShare(file: string): boolean {
  return /^\\\\(?![?.]\\(?!UNC\\))/i.test(file)
}

function systemFolderType(path: string): number | null {
  try {
    return statfsSync(path).type >>> 0 // whatever sign the system's own type has
  } catch {
    return null // the opening that follows says what is wrong with the path
  }
}

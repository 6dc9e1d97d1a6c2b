// The ports that servers of ours take on this machine. What a person is told to do about one is for its verb to say.

/** Why a server could not take its port, in words; null where something else went wrong. */
export function whyNoPort(error: unknown): string | null {
  switch (error instanceof Error && 'code' in error ? error.code : null) {
    case 'ERR_SOCKET_BAD_PORT':
      return 'ports go up to 65535'
    case 'EADDRINUSE':
      return 'another program has it'
    case 'EACCES':
      return 'this user may not'
    default:
      return null
  }
}

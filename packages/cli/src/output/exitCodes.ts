/** What scripts can tell outcomes apart by; `festina --help` lists them. */
export const EXIT = {
  done: 0,
  /** The world did not allow it: a file, a folder, a port, a refusal of the node. */
  failed: 1,
  /** The command line is wrong. */
  usage: 2,
  /** No node answers at the RPC's address. */
  unreachable: 3,
  /** The contract said no: a call or a transaction reverted. */
  reverted: 4,
  /** There is no such block, transaction, account or other thing. */
  notFound: 5,
} as const;

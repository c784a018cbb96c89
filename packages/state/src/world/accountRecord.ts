import { encodeRlp, type Hash32, hexToBytes, readRlp, rlpInteger } from "@festina/primitives";
import type { Account } from "@festina/tvm";

/** An account with the root of its storage: the leaf of the state trie, and what the flat table keeps. */
export interface AccountRecord extends Account {
  readonly storageRoot: Hash32;
}

/** rlp([nonce, balance, storageRoot, codeHash]) (yellow paper, section 4.1). */
export function encodeAccountRecord(record: AccountRecord): Uint8Array {
  return encodeRlp([
    rlpInteger(record.nonce),
    rlpInteger(record.balanceWei),
    hexToBytes(record.storageRoot),
    hexToBytes(record.codeHash),
  ]);
}

/** `null` when the bytes are no account: the store is damaged. */
export function decodeAccountRecord(bytes: Uint8Array): AccountRecord | null {
  const decoded = readRlp(bytes, "account", (reader) => ({
    nonce: reader.bigint("nonce", 8),
    balanceWei: reader.bigint("balance"),
    storageRoot: reader.hash("storageRoot"),
    codeHash: reader.hash("codeHash"),
  }));
  return decoded.ok ? decoded.value : null;
}

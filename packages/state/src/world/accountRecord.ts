import { encodeRlp, type Hash32, hexToBytes, readRlp, rlpInteger } from "@festina/primitives";
import { type Account, EMPTY_ACCOUNT } from "@festina/tvm";
import { EMPTY_ROOT } from "@festina/types";

/** An account with the root of its storage: the leaf of the state trie, and what the flat table keeps. */
export interface AccountRecord extends Account {
  readonly storageRoot: Hash32;
}

/** Most accounts have no storage and no code: two hashes that need not be read from text again and again. */
const EMPTY_HASHES = new Map<Hash32, Uint8Array>(
  [EMPTY_ROOT, EMPTY_ACCOUNT.codeHash].map((hash) => [hash, hexToBytes(hash)]),
);

/** rlp([nonce, balance, storageRoot, codeHash]) (yellow paper, section 4.1). */
export function encodeAccountRecord({ nonce, balanceWei, storageRoot, codeHash }: AccountRecord): Uint8Array {
  return encodeRlp([
    rlpInteger(nonce),
    rlpInteger(balanceWei),
    EMPTY_HASHES.get(storageRoot) ?? hexToBytes(storageRoot),
    EMPTY_HASHES.get(codeHash) ?? hexToBytes(codeHash),
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

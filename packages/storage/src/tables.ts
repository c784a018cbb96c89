import { bigintToBytes, concatBytes } from "@festina/primitives";

/**
 * One byte in front of every key says which table it belongs to. Assigned by hand, never reused: a data folder
 * outlives the version that wrote it. Numbers in keys are big-endian, so that key order is number order.
 */
export const TABLE = {
  /** name -> value: format version, genesis hash, head. */
  meta: 0x01,
  /** height -> envelope of the COMMITTED fast block. */
  fastBlock: 0x10,
  /** height -> per-transaction outcomes. */
  outcomes: 0x11,
  /** block hash -> height. */
  fastNumber: 0x12,
  /** transaction hash -> height, index. */
  transactionLocation: 0x13,
  /** height -> COMMITTED certificate held for exactly this block. */
  certificate: 0x14,
  /** height -> hybrid state after the block; recent heights and epoch boundaries. */
  hybridState: 0x15,
  /** height -> supply totals. */
  supply: 0x16,
  /** epoch -> first height and committee. */
  epoch: 0x17,
  /** evidence hash -> evidence that waits for a block. */
  evidence: 0x18,
  /** snail hash -> block, total difficulty. */
  snailBlock: 0x20,
  /** snail number -> hash on the best chain. */
  snailCanonical: 0x21,
  /** fruit hash -> number of the best chain's block that packs it. */
  fruitLocation: 0x22,
  /** address -> account. */
  account: 0x30,
  /** address, slot -> value: the storage of folders up to format 3. */
  storage: 0x31,
  /** code hash -> code. */
  code: 0x32,
  /** node hash -> trie node; of even generations where old states are left behind. */
  trieNode: 0x33,
  /** keccak(address) -> address. */
  preimage: 0x34,
  /** keccak(slot) -> slot, of every slot that ever held something. */
  slotPreimage: 0x35,
  /** address, first slot of a page -> the slots of the page that hold something. */
  storagePage: 0x36,
  /** node hash -> trie node, of odd generations. */
  trieNodeOdd: 0x37,
  /** What of a state is still to be fetched: stretches of accounts, storages, codes. */
  syncTask: 0x40,
  /** transaction hash -> what was sent through a light node and waits. */
  sentTransaction: 0x41,
} as const;

export function tableKey(table: number, ...parts: readonly Uint8Array[]): Uint8Array {
  return concatBytes(Uint8Array.of(table), ...parts);
}

/** Heights and epochs as keys: 8 bytes. */
export function numberKey(value: number): Uint8Array {
  return bigintToBytes(BigInt(value), 8);
}

/** The smallest key above all keys that begin with `prefix`. */
export function prefixEnd(prefix: Uint8Array): Uint8Array {
  const end = prefix.slice();
  for (let i = end.length - 1; i >= 0; i--) {
    if ((end[i] as number) < 0xff) {
      end[i] = (end[i] as number) + 1;
      return end.slice(0, i + 1);
    }
  }
  throw new RangeError("no key lies above all keys of this prefix");
}

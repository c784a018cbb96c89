// Slots of storage, and of transient storage: what SLOAD, SSTORE, TLOAD and TSTORE work on.
import { loadSlot as loadFromHost } from "../host";
import * as price from "../price";
import { copy, isEqual, isZero, setSmall } from "../word";
import { has, loaded, MAY_HAVE_STORAGE } from "./accounts";
import { JOURNAL, note32, noteWord } from "./journal";
import { addRefund } from "./refund";
import { INDEX_ENTRY_BYTES, recordAt, setRecord, spread } from "./table";

/** Fields of a slot's record. */
export const SLOT_KEY: usize = 0;
export const SLOT_VALUE: usize = 32;
/** Value when the run began. */
export const SLOT_ORIGINAL: usize = 64;
export const SLOT_ACCOUNT: usize = 96;
const SLOT_IS_WARM: usize = 100;
export const SLOT_BYTES: usize = 104;

const SLOTS_MAX: u32 = 65_536;
const SLOTS: usize = memory.data(65_536 * 104, 16);
/** Accounts of changed slots, in the journal's room. */
export const CHANGED_ACCOUNTS: usize = JOURNAL + 65_536 * 64;
const SLOT_INDEX: usize = memory.data(131_072 * 8, 16);
const SLOT_INDEX_BITS: u64 = 17;

/** The same fields as far as the account; there is no original. */
const TRANSIENT_MAX: u32 = 262_144;
const TRANSIENT: usize = memory.data(262_144 * 104, 16);
const TRANSIENT_INDEX: usize = memory.data(524_288 * 8, 16);
const TRANSIENT_INDEX_BITS: u64 = 19;

/** Slots whose numbers differ in these bits alone lie side by side in the index: fields of a record, items of a list. */
const NEIGHBOURS: u64 = 7;

let slotCount: u32 = 0;
let transientCount: u32 = 0;

export function forgetSlots(): void {
  slotCount = 0;
  transientCount = 0;
}

function hashOf(account: usize, key: usize): u64 {
  const mixed =
    (load<u64>(key) & ~NEIGHBOURS) ^
    rotl<u64>(load<u64>(key, 8), 17) ^
    rotl<u64>(load<u64>(key, 16), 31) ^
    rotl<u64>(load<u64>(key, 24), 47);
  return spread(mixed + <u64>account);
}

function isOf(record: usize, account: usize, key: usize): bool {
  return <usize>load<u32>(record, SLOT_ACCOUNT) === account && isEqual(record, key);
}

/** Entry of an index: of the record that is wanted, or the free one where it belongs. */
function entryOf(index: usize, bits: u64, account: usize, key: usize): usize {
  const mask = ((<usize>1) << (<usize>bits)) - 1;
  let place = <usize>(((hashOf(account, key) >> (64 - bits)) & ~NEIGHBOURS) | (load<u64>(key) & NEIGHBOURS));
  while (true) {
    const entry = index + place * INDEX_ENTRY_BYTES;
    const record = recordAt(entry);
    if (record === 0 || isOf(record, account, key)) return entry;
    place = (place + 1) & mask;
  }
}

function slotAt(account: usize, key: usize): usize {
  const entry = entryOf(SLOT_INDEX, SLOT_INDEX_BITS, account, key);
  const known = recordAt(entry);
  if (known !== 0) return known;
  if (slotCount === SLOTS_MAX) unreachable();
  const record = SLOTS + <usize>slotCount * SLOT_BYTES;
  slotCount++;
  setRecord(entry, record);
  copy(record, key);
  store<u32>(record, <u32>account, SLOT_ACCOUNT);
  store<u32>(record, 0, SLOT_IS_WARM);
  if (has(loaded(account), MAY_HAVE_STORAGE)) loadFromHost(record);
  else setSmall(record + SLOT_VALUE, 0);
  copy(record + SLOT_ORIGINAL, record + SLOT_VALUE);
  return record;
}

/**
 * Collects what the run has changed where its journal was, which nobody needs when it has ended: slot and value, 64 bytes
 * each, and behind room for all of them a u32 for each, the account. @returns how many
 */
export function collectChanges(): u32 {
  let count: usize = 0;
  const end = SLOTS + <usize>slotCount * SLOT_BYTES;
  for (let slot = SLOTS; slot < end; slot += SLOT_BYTES) {
    if (isEqual(slot + SLOT_VALUE, slot + SLOT_ORIGINAL)) continue;
    const to = JOURNAL + (count << 6);
    copy(to, slot);
    copy(to + 32, slot + SLOT_VALUE);
    store<u32>(CHANGED_ACCOUNTS + (count << 2), load<u32>(slot, SLOT_ACCOUNT));
    count++;
  }
  return <u32>count;
}

/** Warm from the start: no failure makes it cold again. */
export function warmSlotFromStart(account: usize, key: usize): void {
  store<u32>(slotAt(account, key), 1, SLOT_IS_WARM);
}

/** The value as it is now; the slot stays as cold as it was. @returns its address */
export function slotValueAt(account: usize, key: usize): usize {
  return slotAt(account, key) + SLOT_VALUE;
}

/** True the first time. */
function warm(slot: usize): bool {
  if (load<u32>(slot, SLOT_IS_WARM) !== 0) return false;
  note32(slot + SLOT_IS_WARM);
  store<u32>(slot, 1, SLOT_IS_WARM);
  return true;
}

/** The value may go where the key is. @returns the price */
export function loadSlot(to: usize, account: usize, key: usize): i64 {
  const slot = slotAt(account, key);
  copy(to, slot + SLOT_VALUE);
  return warm(slot) ? price.COLD_SLOT : price.WARM_ACCESS;
}

/** @returns the price */
export function storeSlot(account: usize, key: usize, value: usize): i64 {
  const slot = slotAt(account, key);
  const current = slot + SLOT_VALUE;
  const original = slot + SLOT_ORIGINAL;
  const access = warm(slot) ? price.COLD_SLOT : 0;
  if (isEqual(current, value)) return access + price.WARM_ACCESS;
  const isFirst = isEqual(original, current);
  addRefund(refundOf(original, current, value));
  noteWord(current);
  copy(current, value);
  if (!isFirst) return access + price.WARM_ACCESS;
  return access + (isZero(original) ? price.SLOT_SET : price.SLOT_RESET);
}

/** EIP-3529: what clearing a slot earns, and what writing it again takes back. */
function refundOf(original: usize, current: usize, value: usize): i64 {
  let refund: i64 = 0;
  if (!isZero(original)) {
    if (isZero(current)) refund -= price.REFUND_CLEAR;
    else if (isZero(value)) refund += price.REFUND_CLEAR;
  }
  // Here the value is not the current one, so it differs from the original unless that was changed before.
  if (isEqual(original, value)) refund += isZero(original) ? price.REFUND_RESTORE_SET : price.REFUND_RESTORE_RESET;
  return refund;
}

export function loadTransient(account: usize, at: usize): void {
  const record = recordAt(entryOf(TRANSIENT_INDEX, TRANSIENT_INDEX_BITS, account, at));
  if (record === 0) setSmall(at, 0);
  else copy(at, record + SLOT_VALUE);
}

export function storeTransient(account: usize, key: usize, value: usize): void {
  const entry = entryOf(TRANSIENT_INDEX, TRANSIENT_INDEX_BITS, account, key);
  let record = recordAt(entry);
  if (record === 0) {
    if (transientCount === TRANSIENT_MAX) unreachable();
    record = TRANSIENT + <usize>transientCount * SLOT_BYTES;
    transientCount++;
    setRecord(entry, record);
    copy(record, key);
    store<u32>(record, <u32>account, SLOT_ACCOUNT);
    setSmall(record + SLOT_VALUE, 0);
  }
  noteWord(record + SLOT_VALUE);
  copy(record + SLOT_VALUE, value);
}

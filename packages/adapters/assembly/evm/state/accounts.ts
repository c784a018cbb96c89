// The accounts of a run: one record each, loaded from the host when its contents are first asked for.
import { clearBytes } from "../bytes";
import { loadAccount, loadCode } from "../host";
import { copy, isZero, setSmall } from "../word";
import { note32, noteBytes, noteWord } from "./journal";
import { INDEX_ENTRY_BYTES, recordAt, setRecord, spread } from "./table";

/** Fields of a record. Words are 32 bytes; the host reads and writes them, too (tvm/src/interpreter/kernel.ts). */
export const ACCOUNT_ADDRESS: usize = 0;
export const ACCOUNT_BALANCE: usize = 32;
export const ACCOUNT_CODE_HASH: usize = 64;
export const ACCOUNT_NONCE: usize = 96;
export const ACCOUNT_FLAGS: usize = 104;
/**
 * Where the code lies, its length, where jumps may land, functions by place, and the runner: u32 each. Code that this run
 * has deposited and nobody called has the first two only.
 */
export const ACCOUNT_CODE: usize = 108;
export const ACCOUNT_CODE_LENGTH: usize = 112;
export const ACCOUNT_BYTES: usize = 128;
export const CODE_FIELDS_BYTES: usize = 20;

export const IS_LOADED: u32 = 1;
export const EXISTS: u32 = 2;
export const HAS_CODE: u32 = 4;
export const IS_CODE_LOADED: u32 = 8;
export const IS_WARM: u32 = 16;
export const IS_TOUCHED: u32 = 32;
export const IS_CREATED: u32 = 64;
export const IS_DESTRUCTED: u32 = 128;
export const HAS_NEW_CODE: u32 = 256;
/** Balance or nonce were written. */
export const IS_CHANGED: u32 = 512;
/** Slots may have held something when the run began; without it all of them were 0, and nobody needs to ask. */
export const MAY_HAVE_STORAGE: u32 = 1024;

export const ACCOUNTS_MAX: u32 = 16_384;
const INDEX_BITS: u64 = 15;
const INDEX_MASK: usize = (1 << 15) - 1;

export const ACCOUNTS: usize = memory.data(<i32>ACCOUNTS_MAX * 128, 16);
const INDEX: usize = memory.data(32_768 * 8, 16);

/** Of no code: keccak256 of no bytes. */
const EMPTY_CODE_HASH: usize = memory.data<u64>([
  // biome-ignore lint/correctness/noPrecisionLoss: u64 holds them exactly.
  0x7bfad8045d85a470, 0xe500b653ca82273b, 0x927e7db2dcc703c0, 0xc5d2460186f7233c,
]);

let count: u32 = 0;

export function accountCount(): u32 {
  return count;
}

export function forgetAccounts(): void {
  count = 0;
}

/** The account whose address is in the low 20 bytes of a word. */
export function accountAt(address: usize): usize {
  const a0 = load<u64>(address);
  const a1 = load<u64>(address, 8);
  const a2 = load<u64>(address, 16) & 0xffffffff;
  let place = <usize>(spread(a0 ^ rotl<u64>(a1, 23) ^ rotl<u64>(a2, 47)) >> (64 - INDEX_BITS));
  while (true) {
    const entry = INDEX + place * INDEX_ENTRY_BYTES;
    const record = recordAt(entry);
    if (record === 0) return add(entry, a0, a1, a2);
    if (load<u64>(record) === a0 && load<u64>(record, 8) === a1 && load<u64>(record, 16) === a2) return record;
    place = (place + 1) & INDEX_MASK;
  }
}

function add(entry: usize, a0: u64, a1: u64, a2: u64): usize {
  if (count === ACCOUNTS_MAX) unreachable();
  const record = ACCOUNTS + <usize>count * ACCOUNT_BYTES;
  count++;
  setRecord(entry, record);
  store<u64>(record, a0);
  store<u64>(record, a1, 8);
  store<u64>(record, a2, 16);
  store<u64>(record, 0, 24);
  store<u32>(record, 0, ACCOUNT_FLAGS);
  return record;
}

export function flagsOf(account: usize): u32 {
  return load<u32>(account, ACCOUNT_FLAGS);
}

export function has(account: usize, flag: u32): bool {
  return (flagsOf(account) & flag) !== 0;
}

/** For what is as true after a failure, or found out again. */
export function mark(account: usize, flag: u32): void {
  store<u32>(account, flagsOf(account) | flag, ACCOUNT_FLAGS);
}

/** Taken back when the frame fails. */
export function raiseFlag(account: usize, flag: u32): void {
  if ((flagsOf(account) & flag) === flag) return;
  note32(account + ACCOUNT_FLAGS);
  mark(account, flag);
}

/** With balance, nonce and code hash. */
export function loaded(account: usize): usize {
  if (!has(account, IS_LOADED)) ask(account);
  return account;
}

function ask(account: usize): void {
  setSmall(account + ACCOUNT_BALANCE, 0);
  copy(account + ACCOUNT_CODE_HASH, EMPTY_CODE_HASH);
  store<u64>(account, 0, ACCOUNT_NONCE);
  mark(account, IS_LOADED | loadAccount(account));
}

export function copyCodeFields(to: usize, from: usize): void {
  v128.store(to, v128.load(from));
  store<u32>(to, load<u32>(from, 16), 16);
}

/** With its code in memory; the length is 0 for accounts without code. */
export function withCode(account: usize): usize {
  loaded(account);
  if (!has(account, IS_CODE_LOADED)) {
    if (has(account, HAS_CODE)) loadCode(account);
    else clearBytes(account + ACCOUNT_CODE, CODE_FIELDS_BYTES);
    mark(account, IS_CODE_LOADED);
  }
  return account;
}

/** Nonce 0, balance 0, no code (EIP-161); also accounts that do not exist. */
export function isEmpty(account: usize): bool {
  loaded(account);
  return !has(account, HAS_CODE) && load<u64>(account, ACCOUNT_NONCE) === 0 && isZero(account + ACCOUNT_BALANCE);
}

/** Before its balance or nonce is written. */
function change(account: usize): void {
  raiseFlag(account, EXISTS);
  mark(account, IS_CHANGED);
}

export function setBalance(account: usize, balance: usize): void {
  change(account);
  noteWord(account + ACCOUNT_BALANCE);
  copy(account + ACCOUNT_BALANCE, balance);
}

export function setNonce(account: usize, nonce: u64): void {
  change(account);
  noteBytes(account + ACCOUNT_NONCE, 8);
  store<u64>(account, nonce, ACCOUNT_NONCE);
}

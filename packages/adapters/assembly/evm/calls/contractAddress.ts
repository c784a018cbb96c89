// Where a contract lands.
import { hashAt } from "../../keccak";
import { swapBytes } from "../word";

/** Longest text that is hashed: 0xff, address, salt, hash of the init code. */
const TEXT: usize = memory.data(96, 16);
const DIGEST: usize = memory.data(32, 16);
const ADDRESS_BYTES: usize = 20;

function writeAddress(to: usize, account: usize): void {
  for (let i: usize = 0; i < ADDRESS_BYTES; i++) store<u8>(to + i, load<u8>(account + 19 - i));
}

/** The low 20 bytes of a hash of the text. */
function hashText(address: usize, length: i32): void {
  hashAt(TEXT, length, DIGEST);
  swapBytes(address, DIGEST);
  store<u64>(address, load<u64>(address, 16) & 0xffffffff, 16);
  store<u64>(address, 0, 24);
}

/** CREATE: hash of RLP([creator, nonce]). `creator` begins with its address, as records of accounts do. */
export function createdAddress(address: usize, creator: usize, nonce: u64): void {
  let nonceBytes: i32 = 0;
  if (nonce >= 0x80) nonceBytes = 8 - (<i32>clz<u64>(nonce) >> 3);
  store<u8>(TEXT, <u8>(0xc0 + 22 + nonceBytes));
  store<u8>(TEXT, 0x94, 1);
  writeAddress(TEXT + 2, creator);
  if (nonceBytes === 0) store<u8>(TEXT, nonce === 0 ? 0x80 : <u8>nonce, 22);
  else {
    store<u8>(TEXT, <u8>(0x80 + nonceBytes), 22);
    for (let i = 0; i < nonceBytes; i++)
      store<u8>(TEXT + 23 + <usize>i, <u8>(nonce >> (8 * <u64>(nonceBytes - 1 - i))));
  }
  hashText(address, 23 + nonceBytes);
}

/** CREATE2 (EIP-1014). */
export function saltedAddress(address: usize, creator: usize, salt: usize, initCode: usize, length: u32): void {
  store<u8>(TEXT, 0xff);
  writeAddress(TEXT + 1, creator);
  swapBytes(TEXT + 21, salt);
  hashAt(initCode, <i32>length, TEXT + 53);
  hashText(address, 85);
}

// Programs of one loop each, in bytecode. A counter is on top of the stack where `body` begins and where it ends.
import { assemble } from "./assemble.mjs";

const RETURN_TOP = "0 MSTORE 32 0 RETURN";

/** `first` leaves what the loop works on; below the counter it stays. */
const loop = (count, first, body) => `${first} ${count} :again ${body} 1 SWAP1 SUB DUP1 @again JUMPI POP ${RETURN_TOP}`;

const FACTOR = "0xd1342543de82ef95d1342543de82ef95d1342543de82ef95d1342543de82ef95";
const SMALL_FACTOR = "0x5851f42d";

/** x = (x * factor + counter) ^ (x >> 13) - counter */
const mix = (factor, mask) => `SWAP1 DUP1 13 SHR SWAP1 ${factor} MUL DUP3 ADD XOR DUP2 SWAP1 SUB ${mask} SWAP1`;

const divide = `SWAP1 DUP2 0x100000000000000000000000000000001 ADD DUP2 DIV DUP1 DUP3 ADD
  0xfffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141 SWAP1 DUP4 MULMOD
  ADD DUP3 1 ADD SWAP1 SDIV ADD 0x9e3779b97f4a7c15f39cc0605cedc8341082276bf3a27251 ADD SWAP1`;

/** Slots that a contract holds before it is called, in workloads that say so: these many, behind the first. */
export const HELD_SLOTS = 5_000;
export const FIRST_SLOT = 0x100000;

export const LOOPS = {
  arithmetic: assemble(loop(200_000, "7", mix(FACTOR, ""))),
  arithmetic64: assemble(loop(200_000, "7", mix(SMALL_FACTOR, "0xffffffff AND"))),
  division: assemble(loop(50_000, "0xfedcba9876543210fedcba9876543210fedcba9876543210fedcba9876543210", divide)),
  keccak: assemble(loop(50_000, "1", "SWAP1 0 MSTORE DUP1 32 MSTORE 64 0 KECCAK256 SWAP1")),
  storageWarm: assemble(loop(50_000, "0", "SWAP1 DUP2 0x3ff AND DUP1 SLOAD DUP3 ADD DUP2 SSTORE ADD SWAP1")),
  storageCold: assemble(loop(HELD_SLOTS, "0", `DUP1 DUP1 ${FIRST_SLOT} ADD SSTORE`)),
  storageRead: assemble(loop(HELD_SLOTS, "0", `SWAP1 DUP2 ${FIRST_SLOT} ADD SLOAD ADD SWAP1`)),
};

/** Calls the contract whose address is in the first word of the input. */
export const calls = (count) =>
  assemble(loop(count, "0", "32 0 32 0 0 CALLDATALOAD GAS STATICCALL POP SWAP1 POP 0 MLOAD SWAP1"));
/** Returns its input's first word and one more. */
export const CALLEE = assemble("0 CALLDATALOAD 1 ADD 0 MSTORE 32 0 RETURN");

/** Creates contracts of 32 bytes of code. */
export const creations = (count) =>
  // Init code: PUSH1 32 PUSH1 0 RETURN, left-aligned in memory.
  assemble(loop(count, "0", "0x60206000f3 216 SHL 0 MSTORE 5 0 0 CREATE POP"));

/** Each with init code and code of its own, in which the counter is. */
export const differentCreations = (count) =>
  // Init code: PUSH2 counter PUSH1 0 MSTORE PUSH1 32 PUSH1 0 RETURN.
  assemble(loop(count, "0", "0x61000060005260206000f3 168 SHL DUP2 232 SHL OR 0 MSTORE 11 0 0 CREATE POP"));

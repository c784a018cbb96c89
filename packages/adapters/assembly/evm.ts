// The machine that runs EVM bytecode. Linear memory: this kernel's own data (records of accounts and slots, journal, logs,
// frames), then what the host puts in (stacks, code, input, return data), and above everything the memory of the frames,
// which only the newest of them can enlarge.
import * as ending from "./evm/calls/ending";
import { begin as beginRun, goOnAfterPause, resume as resumeRun } from "./evm/calls/execute";
import { forgetFrames, setRooms as giveRooms } from "./evm/calls/frames";
import { forgetHot, HOT, SPENT } from "./evm/calls/heat";
import { forgetInitCode } from "./evm/calls/initCode";
import { REQUEST, REQUEST_CALLER } from "./evm/calls/request";
import { BURNED, forgetBurned } from "./evm/calls/selfDestruct";
import { CONTEXT_BYTES, FRAME_SELF, FRAMES_MAX, SCRATCH_BYTES, STACK_WORDS_MAX } from "./evm/layout";
import { defineOpcodes, OPCODES } from "./evm/opcodes";
import { PAUSE_BELOW } from "./evm/slice";
import * as accounts from "./evm/state/accounts";
import { forgetJournal, JOURNAL } from "./evm/state/journal";
import { LOGS, logMark, setLogMark } from "./evm/state/logs";
import { refundCounter, setRefund } from "./evm/state/refund";
import * as slots from "./evm/state/slots";
import { nextRun } from "./evm/state/table";

// What compiled code asks for.
export { growFor } from "./evm/frame";
export { carryOut } from "./evm/instructions";
export { hashWord, loadInputWord, returnDataSize } from "./evm/memoryInstructions";
export { power, significantBytes } from "./evm/product";
export {
  productModulo,
  quotientOf,
  quotientOfSigned,
  remainderOf,
  remainderOfSigned,
  sumModulo,
} from "./evm/quotient";
export { putSlot, slotOf } from "./evm/stateInstructions";
export { byteAt, countLeadingZeros, shiftLeft, shiftRight, shiftRightSigned, signExtend } from "./evm/word";

const CONTEXT: usize = memory.data(CONTEXT_BYTES, 16);
const SCRATCH: usize = memory.data(SCRATCH_BYTES, 16);

defineOpcodes();

/** The table of instructions: 256 entries of 4 bytes. */
export function opcodesPointer(): usize {
  return OPCODES;
}

/** Room for words that compiled code hands over. */
export function scratchPointer(): usize {
  return SCRATCH;
}

export function contextPointer(): usize {
  return CONTEXT;
}

export function requestPointer(): usize {
  return REQUEST;
}

export function endingPointer(): usize {
  return ending.ENDING;
}

export function burnedPointer(): usize {
  return BURNED;
}

export function accountsPointer(): usize {
  return accounts.ACCOUNTS;
}

export function accountCount(): u32 {
  return accounts.accountCount();
}

/** Slots that the ended run has changed: collected where `changesPointer` says, their accounts apart. */
export { collectChanges } from "./evm/state/slots";

export function changesPointer(): usize {
  return JOURNAL;
}

export function changedAccountsPointer(): usize {
  return slots.CHANGED_ACCOUNTS;
}

export function logsPointer(): usize {
  return LOGS;
}

export function logsEnd(): u32 {
  return logMark();
}

export function refund(): i64 {
  return refundCounter();
}

export function spentPointer(): usize {
  return SPENT;
}

export function hotPointer(): usize {
  return HOT;
}

/** Bytes that the stacks of all frames may take together. */
export function stackBytesMax(): i32 {
  return FRAMES_MAX * <i32>STACK_WORDS_MAX * 32;
}

/** First address that is the host's to give away. */
export function freePointer(): usize {
  return (__heap_base + 65535) & ~65535;
}

export function setRooms(stacks: usize, output: usize, outputBytes: u32, memoryRoom: usize): void {
  giveRooms(stacks, output, outputBytes, memoryRoom);
}

/** Forgets the last run. Then accounts and slots are warmed, the call is requested, and the run begins. */
export function prepare(): void {
  nextRun();
  accounts.forgetAccounts();
  slots.forgetSlots();
  forgetJournal();
  forgetBurned();
  forgetFrames();
  forgetInitCode();
  forgetHot();
  setLogMark(<u32>LOGS);
  setRefund(0);
}

/** @returns its record */
export function warmAccount(address: usize): usize {
  const account = accounts.accountAt(address);
  accounts.mark(account, accounts.IS_WARM);
  return account;
}

export function warmSlot(address: usize, key: usize): void {
  slots.warmSlotFromStart(accounts.accountAt(address), key);
}

/** Whose code runs when this account is called: writes the address, false for its own. */
export { delegateAt } from "./evm/calls/delegation";
/** What a frame's own account has, for whoever watches. @returns address of a word */
export function balanceOf(frame: usize): usize {
  return accounts.loaded(<usize>load<u32>(frame, FRAME_SELF)) + accounts.ACCOUNT_BALANCE;
}

/** What whoever asks for the requested call has. @returns address of a word */
export function balanceOfCaller(): usize {
  return accounts.loaded(accounts.accountAt(REQUEST + REQUEST_CALLER)) + accounts.ACCOUNT_BALANCE;
}

/** A slot of a frame's own account, for whoever watches. @returns address of a word */
export function slotValue(frame: usize, key: usize): usize {
  return slots.slotValueAt(<usize>load<u32>(frame, FRAME_SELF), key);
}

/** Which addresses are precompiled contracts: those from 1 to `last`, and `apart`. */
export { addMovedPrecompile, movePrecompiles, setPrecompiles } from "./evm/calls/enter";

export { leaveInitCode } from "./evm/calls/initCode";
/** How long code may be that is deployed, and init code, in bytes. */
export { setCodeLimits } from "./evm/price";

/** Code is to lie where other code lay. */
export { forgetSegments } from "./evm/segments";

/** How much gas a run uses before it pauses, for all that begin from now on. */
export { setSlice } from "./evm/slice";

export function pauseBelowPointer(): usize {
  return PAUSE_BELOW;
}

/** @returns whether the run has ended (0), waits for a precompiled contract (1), or pauses (2) */
export function begin(): i32 {
  return beginRun(CONTEXT);
}

/** The precompiled contract that was requested has run: with its output at an address, or it failed. */
export function resume(isDone: bool, gasUsed: i64, output: usize, length: u32): i32 {
  return resumeRun(isDone, gasUsed, output, length, CONTEXT);
}

/** The run goes on where it paused. */
export function goOn(): i32 {
  return goOnAfterPause(CONTEXT);
}

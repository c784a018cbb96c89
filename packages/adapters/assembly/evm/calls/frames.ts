// Frames: beginning one, ending the newest, and telling its caller how it went.
import { hashAt } from "../../keccak";
import { clearBytes, copyBytes } from "../bytes";
import { memoryOf, memorySizeOf } from "../frame";
import { placeCode, traceExit } from "../host";
import * as at from "../layout";
import { setReturnData } from "../memoryInstructions";
import { CODE_BYTE, codeBytesMax } from "../price";
import * as accounts from "../state/accounts";
import { journalMark, noteBytes, noteWord, takeBack } from "../state/journal";
import { logMark, setLogMark } from "../state/logs";
import { refundCounter, setRefund } from "../state/refund";
import { IS_TRACING } from "../tracing";
import { copy, isSame, setSmall, swapBytes } from "../word";
import * as ending from "./ending";
import * as request from "./request";
import { REQUEST } from "./request";

export const FRAMES: usize = memory.data(at.FRAME_BYTES * at.FRAMES_MAX, 16);
const DIGEST: usize = memory.data(32, 16);
/** The code that this run has deposited last, as five fields, and its hash: many contracts are each other's twins. */
const DEPOSITED: usize = memory.data(32, 16);
const DEPOSITED_HASH: usize = memory.data(32, 16);
/** No deployed code begins with it (EIP-3541). */
const RESERVED_BYTE: u8 = 0xef;

/** Of the newest frame; -1 when there is none. */
let depth: i32 = -1;
let stacks: usize = 0;
let memoryBase: usize = 0;
let returnRoom: usize = 0;
let returnRoomBytes: u32 = 0;

/** Where the host gives frames room: for stacks, for memory, for the output of the last call. */
export function setRooms(stackRoom: usize, output: usize, outputBytes: u32, memoryRoom: usize): void {
  stacks = stackRoom;
  returnRoom = output;
  returnRoomBytes = outputBytes;
  memoryBase = memoryRoom;
}

export function newestDepth(): i32 {
  return depth;
}

export function forgetFrames(): void {
  depth = -1;
  clearBytes(DEPOSITED, accounts.CODE_FIELDS_BYTES);
  deposits = 0;
  setReturnData(returnRoom, 0);
}

function frameAt(index: i32): usize {
  return FRAMES + <usize>(index * at.FRAME_BYTES);
}

export function newest(): usize {
  return frameAt(depth);
}

/** Where everything stands that a failure takes back. */
export function setMarks(frame: usize): void {
  store<u32>(frame, journalMark(), at.FRAME_JOURNAL_MARK);
  store<u32>(frame, logMark(), at.FRAME_LOG_MARK);
  store<i64>(frame, refundCounter(), at.FRAME_REFUND_MARK);
}

export function takeBackTo(frame: usize): void {
  takeBack(load<u32>(frame, at.FRAME_JOURNAL_MARK));
  setLogMark(load<u32>(frame, at.FRAME_LOG_MARK));
  setRefund(load<i64>(frame, at.FRAME_REFUND_MARK));
}

/** The record that the next frame will have: its marks are set before what it may have to take back. */
export function upcoming(): usize {
  return frameAt(depth + 1);
}

/** Begins a frame for what is requested. `code`: five fields as in an account's record. */
export function push(code: usize, self: usize): void {
  const parent: usize = depth < 0 ? 0 : newest();
  const frame = upcoming();
  const result = load<u32>(REQUEST, request.REQUEST_RESULT);
  const stack = result === 0 ? <u32>stacks : result;
  const isCreation = load<u32>(REQUEST, request.REQUEST_IS_CREATION);
  depth++;
  store<u32>(frame, load<u32>(code), at.FRAME_CODE);
  store<u32>(frame, load<u32>(code, 4), at.FRAME_CODE_LENGTH);
  store<u32>(frame, load<u32>(code, 8), at.FRAME_JUMP_TARGETS);
  store<u32>(frame, load<u32>(code, 12), at.FRAME_FUNCTIONS);
  store<u32>(frame, load<u32>(code, 16), at.FRAME_RUNNER);
  store<u32>(frame, 0, at.FRAME_PC);
  store<u32>(frame, stack, at.FRAME_STACK);
  store<u32>(frame, stack, at.FRAME_TOP);
  const base = parent === 0 ? memoryBase : memoryOf(parent) + <usize>memorySizeOf(parent);
  store<u32>(frame, <u32>base, at.FRAME_MEMORY);
  store<u32>(frame, 0, at.FRAME_MEMORY_SIZE);
  store<u32>(frame, load<u32>(REQUEST, request.REQUEST_INPUT), at.FRAME_INPUT);
  store<u32>(frame, isCreation ? 0 : load<u32>(REQUEST, request.REQUEST_INPUT_LENGTH), at.FRAME_INPUT_LENGTH);
  store<u32>(frame, load<u32>(REQUEST, request.REQUEST_IS_STATIC), at.FRAME_IS_STATIC);
  store<u32>(frame, 0, at.FRAME_OUTPUT_LENGTH);
  store<i64>(frame, load<i64>(REQUEST, request.REQUEST_GAS), at.FRAME_GAS);
  copy(frame + at.FRAME_ADDRESS, REQUEST + request.REQUEST_ADDRESS);
  copy(frame + at.FRAME_CALLER, REQUEST + request.REQUEST_CALLER);
  copy(frame + at.FRAME_VALUE, REQUEST + request.REQUEST_VALUE);
  store<u32>(frame, <u32>self, at.FRAME_SELF);
  store<u32>(frame, isCreation, at.FRAME_IS_CREATION);
  store<u32>(frame, result, at.FRAME_RESULT);
  store<u32>(frame, load<u32>(REQUEST, request.REQUEST_WANTED), at.FRAME_WANTED);
  store<u32>(frame, load<u32>(REQUEST, request.REQUEST_WANTED_LENGTH), at.FRAME_WANTED_LENGTH);
  setReturnData(returnRoom, 0);
}

/** The newest frame has ended. */
export function leave(status: i32): void {
  const frame = newest();
  const length = status === at.STATUS_STOP ? 0 : load<u32>(frame, at.FRAME_OUTPUT_LENGTH);
  ending.setEnding(status, load<i64>(frame, at.FRAME_GAS), <usize>load<u32>(frame, at.FRAME_OUTPUT), length);
  if (load<u32>(frame, at.FRAME_IS_CREATION) !== 0 && ending.isSuccess()) deposit(frame);
  if (IS_TRACING) traceExit(frame);
  if (!ending.isSuccess()) takeBackTo(frame);
  depth--;
  if (depth < 0) return;
  tell(
    load<u32>(frame, at.FRAME_RESULT),
    load<u32>(frame, at.FRAME_WANTED),
    load<u32>(frame, at.FRAME_WANTED_LENGTH),
    load<u32>(frame, at.FRAME_IS_CREATION) !== 0 ? frame + at.FRAME_ADDRESS : 0,
  );
}

/** Few contracts are called in the run that makes them: their code waits here for the run's end, unless somebody does. */
const DEPOSITS_BYTES: usize = 1024 * 1024;
const DEPOSITS: usize = memory.data(1024 * 1024, 16);
let deposits: usize = 0;

function keepDeposit(code: usize, length: u32, account: usize): void {
  if (deposits + <usize>length > DEPOSITS_BYTES) return placeCode(code, length, account);
  const fields = account + accounts.ACCOUNT_CODE;
  const to = DEPOSITS + deposits;
  deposits += <usize>length;
  copyBytes(to, code, <usize>length);
  clearBytes(fields, accounts.CODE_FIELDS_BYTES);
  store<u32>(fields, <u32>to);
  store<u32>(fields, length, 4);
}

/** Init code has run: what it returned becomes the contract, if it may and can be paid for. */
function deposit(frame: usize): void {
  const code = ending.endingOutput();
  const length = ending.endingLength();
  if (length === 0) return;
  if (load<u8>(code) === RESERVED_BYTE) return ending.setEnding(at.STATUS_CODE_INVALID, 0, 0, 0);
  const gasLeft = ending.endingGas() - <i64>length * CODE_BYTE;
  if (gasLeft < 0) return ending.setEnding(at.STATUS_OUT_OF_GAS, 0, 0, 0);
  if (length > codeBytesMax()) return ending.setEnding(at.STATUS_CODE_TOO_LARGE, 0, 0, 0);
  const account = <usize>load<u32>(frame, at.FRAME_SELF);
  noteBytes(account + accounts.ACCOUNT_CODE, <u32>accounts.CODE_FIELDS_BYTES);
  noteWord(account + accounts.ACCOUNT_CODE_HASH);
  accounts.raiseFlag(account, accounts.HAS_CODE | accounts.IS_CODE_LOADED | accounts.HAS_NEW_CODE);
  const fields = account + accounts.ACCOUNT_CODE;
  if (load<u32>(DEPOSITED, 4) === length && isSame(<usize>load<u32>(DEPOSITED), code, length)) {
    copy(account + accounts.ACCOUNT_CODE_HASH, DEPOSITED_HASH);
    accounts.copyCodeFields(fields, DEPOSITED);
  } else {
    hashAt(code, <i32>length, DIGEST);
    swapBytes(account + accounts.ACCOUNT_CODE_HASH, DIGEST);
    keepDeposit(code, length, account);
    copy(DEPOSITED_HASH, account + accounts.ACCOUNT_CODE_HASH);
    accounts.copyCodeFields(DEPOSITED, fields);
  }
  ending.setEnding(at.STATUS_RETURN, gasLeft, code, length);
}

/**
 * The newest frame goes on: with the gas that is left, the result on its stack, the output in its memory and as return
 * data. `created`: address of a word with the address of the contract that was made, which it sees instead of output.
 */
export function tell(result: u32, wanted: u32, wantedLength: u32, created: usize): void {
  const frame = newest();
  store<i64>(frame, load<i64>(frame, at.FRAME_GAS) + ending.endingGas(), at.FRAME_GAS);
  const isShown = !ending.isSuccess() || created === 0;
  const length = isShown ? ending.endingLength() : 0;
  if (length > returnRoomBytes) unreachable();
  copyBytes(returnRoom, ending.endingOutput(), <usize>length);
  setReturnData(returnRoom, length);
  copyBytes(<usize>wanted, returnRoom, <usize>min<u32>(length, wantedLength));
  if (!ending.isSuccess()) setSmall(<usize>result, 0);
  else if (created !== 0) copy(<usize>result, created);
  else setSmall(<usize>result, 1);
}

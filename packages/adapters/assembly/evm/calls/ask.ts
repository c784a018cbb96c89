// What CALL, CALLCODE, DELEGATECALL, STATICCALL, CREATE and CREATE2 ask for, read from the stack and paid for.

import { wordsOf } from "../expansion";
import { memoryOf, setTop, topOf } from "../frame";
import { traceEnter } from "../host";
import * as at from "../layout";
import * as price from "../price";
import { access, accessRecord } from "../state/access";
import * as accounts from "../state/accounts";
import { IS_TRACING } from "../tracing";
import { copy, exceedsU32, isZero, setSmall } from "../word";
import { createdAddress, saltedAddress } from "./contractAddress";
import { delegateOf } from "./delegation";
import { enterCall, enterCreation, lacksFunds, refuse } from "./enter";
import { newestDepth } from "./frames";
import * as request from "./request";
import { REQUEST } from "./request";

const CALL: u8 = 0xf1;
const CALLCODE: u8 = 0xf2;
const DELEGATECALL: u8 = 0xf4;
const STATICCALL: u8 = 0xfa;
const CREATE: u8 = 0xf0;
const CREATE2: u8 = 0xf5;
/** The run's first frame and 1,024 below it. */
const DEPTH_MAX: i32 = 1_024;
const DELEGATE: usize = memory.data(32, 16);

/** The instruction before the frame's program counter: the one that asks. */
function opcodeOf(frame: usize): u8 {
  return load<u8>(<usize>(load<u32>(frame, at.FRAME_CODE) + load<u32>(frame, at.FRAME_PC) - 1));
}

function setField(offset: usize, value: u32): void {
  store<u32>(REQUEST + offset, value);
}

/** A range of memory that two words name; the beginning of memory for an empty one. */
function setRange(frame: usize, offset: usize, length: usize, to: usize): void {
  const size = <u32>load<u64>(length);
  setField(to, <u32>memoryOf(frame) + (size === 0 ? 0 : <u32>load<u64>(offset)));
  setField(to + 4, size);
}

/** `OUT_OF_GAS` when the frame cannot pay, otherwise what became of the request (enter.ts). */
export const OUT_OF_GAS: i32 = -1;

export function askForCall(frame: usize): i32 {
  const opcode = opcodeOf(frame);
  const top = topOf(frame);
  const hasValue = opcode === CALL || opcode === CALLCODE;
  const to = top - 32;
  const value = top - 64;
  const ranges = top - (hasValue ? 96 : 64);
  const movesWei = hasValue && !isZero(value);
  const callee = accounts.accountAt(to);
  let cost = accessRecord(callee);
  const isDelegated = delegateOf(callee, DELEGATE);
  if (isDelegated) cost += access(DELEGATE);
  if (movesWei) {
    cost += price.CALL_VALUE;
    if (opcode === CALL && accounts.isEmpty(callee)) cost += price.NEW_ACCOUNT;
  }
  const left = load<i64>(frame, at.FRAME_GAS) - cost;
  if (left < 0) {
    store<i64>(frame, left, at.FRAME_GAS);
    return OUT_OF_GAS;
  }
  let passed = price.passedOn(left);
  if ((load<u64>(top, 8) | load<u64>(top, 16) | load<u64>(top, 24)) === 0 && load<u64>(top) < <u64>passed)
    passed = load<i64>(top);
  store<i64>(frame, left - passed, at.FRAME_GAS);
  const result = ranges - 96;
  store<i64>(REQUEST, passed + (movesWei ? price.CALL_STIPEND : 0), request.REQUEST_GAS);
  const self = frame + at.FRAME_ADDRESS;
  const isElsewhere = opcode === CALL || opcode === STATICCALL;
  copyAddress(REQUEST + request.REQUEST_ADDRESS, isElsewhere ? to : self);
  copyAddress(REQUEST + request.REQUEST_CODE_ADDRESS, isDelegated ? DELEGATE : to);
  copy(REQUEST + request.REQUEST_CALLER, opcode === DELEGATECALL ? frame + at.FRAME_CALLER : self);
  if (opcode === DELEGATECALL) copy(REQUEST + request.REQUEST_VALUE, frame + at.FRAME_VALUE);
  else if (hasValue) copy(REQUEST + request.REQUEST_VALUE, value);
  else setSmall(REQUEST + request.REQUEST_VALUE, 0);
  setRange(frame, ranges, ranges - 32, request.REQUEST_INPUT);
  setRange(frame, ranges - 64, ranges - 96, request.REQUEST_WANTED);
  setField(request.REQUEST_RESULT, <u32>result);
  setField(request.REQUEST_IS_STATIC, opcode === STATICCALL ? 1 : load<u32>(frame, at.FRAME_IS_STATIC));
  setField(request.REQUEST_IS_CREATION, 0);
  setField(request.REQUEST_MOVES_VALUE, opcode === DELEGATECALL ? 0 : 1);
  setField(request.REQUEST_IS_DELEGATED, isDelegated ? 1 : 0);
  setTop(frame, result);
  if (IS_TRACING) traceEnter(<u32>opcode, frame);
  if (newestDepth() >= DEPTH_MAX || (opcode !== DELEGATECALL && lacksFunds())) return refuse();
  return enterCall(isElsewhere ? callee : <usize>load<u32>(frame, at.FRAME_SELF));
}

/** Of a word on the stack, whose upper 12 bytes mean nothing. */
function copyAddress(to: usize, from: usize): void {
  const upper = load<u64>(from, 16) & 0xffffffff;
  store<u64>(to, load<u64>(from));
  store<u64>(to, load<u64>(from, 8), 8);
  store<u64>(to, upper, 16);
  store<u64>(to, 0, 24);
}

export function askForCreation(frame: usize): i32 {
  const isSalted = opcodeOf(frame) === CREATE2;
  const top = topOf(frame);
  const lengthWord = top - 64;
  if (exceedsU32(lengthWord) || <u32>load<u64>(lengthWord) > price.initCodeBytesMax()) return OUT_OF_GAS;
  const length = <u32>load<u64>(lengthWord);
  const perWord = price.INIT_CODE_WORD + (isSalted ? price.HASH_WORD : 0);
  const left = load<i64>(frame, at.FRAME_GAS) - <i64>wordsOf(<u64>length) * perWord;
  if (left < 0) {
    store<i64>(frame, left, at.FRAME_GAS);
    return OUT_OF_GAS;
  }
  const passed = price.passedOn(left);
  store<i64>(frame, left - passed, at.FRAME_GAS);
  store<i64>(REQUEST, passed, request.REQUEST_GAS);
  const creator = accounts.loaded(<usize>load<u32>(frame, at.FRAME_SELF));
  const nonce = load<u64>(creator, accounts.ACCOUNT_NONCE);
  copy(REQUEST + request.REQUEST_CALLER, frame + at.FRAME_ADDRESS);
  copy(REQUEST + request.REQUEST_VALUE, top);
  setRange(frame, top - 32, lengthWord, request.REQUEST_INPUT);
  setField(request.REQUEST_WANTED, <u32>memoryOf(frame));
  setField(request.REQUEST_WANTED_LENGTH, 0);
  const address = REQUEST + request.REQUEST_ADDRESS;
  const initCode = <usize>load<u32>(REQUEST, request.REQUEST_INPUT);
  if (isSalted) saltedAddress(address, creator, top - 96, initCode, length);
  else createdAddress(address, creator, nonce);
  const result = top - (isSalted ? 96 : 64);
  setField(request.REQUEST_RESULT, <u32>result);
  setField(request.REQUEST_IS_STATIC, 0);
  setField(request.REQUEST_IS_CREATION, 1);
  setTop(frame, result);
  if (IS_TRACING) traceEnter(isSalted ? <u32>CREATE2 : <u32>CREATE, frame);
  if (newestDepth() >= DEPTH_MAX || nonce === u64.MAX_VALUE || lacksFunds()) return refuse();
  const account = accounts.accountAt(address);
  accounts.raiseFlag(account, accounts.IS_WARM);
  accounts.setNonce(creator, nonce + 1);
  return enterCreation(account);
}

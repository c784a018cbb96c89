// Entering a call or creation that is requested: value moves, code begins to run, or it has ended already.
import { hasStorage, placeCode } from "../host";
import * as at from "../layout";
import * as accounts from "../state/accounts";
import { add, isBelow, isEqual, isZero, sub } from "../word";
import { setEnding } from "./ending";
import * as frames from "./frames";
import { initCodeAt } from "./initCode";
import * as request from "./request";
import { REQUEST } from "./request";

/** What became of a request. */
export const HAS_BEGUN: i32 = 0;
export const HAS_ENDED: i32 = 1;
/** A precompiled contract: the host runs it. */
export const WAITS: i32 = 2;

const SUM: usize = memory.data(32, 16);

/** Precompiled contracts have the numbers from 1 to this one, and one more. */
let precompileLast: u64 = 0;
let precompileApart: u64 = 1;

export function setPrecompiles(last: u32, apart: u32): void {
  precompileLast = <u64>last;
  precompileApart = <u64>apart;
}

/** Of runs that take it for granted that such contracts are elsewhere: where they all are, in words. */
const MOVED_MAX: u32 = 32;
const MOVED: usize = memory.data(32 * 32, 16);
let isMoved: bool = false;
let movedCount: u32 = 0;

/** From now on they are where `addMovedPrecompile` says, and nowhere else. */
export function movePrecompiles(): void {
  isMoved = true;
}

/** @returns false when there are too many */
export function addMovedPrecompile(address: usize): bool {
  if (movedCount === MOVED_MAX) return false;
  memory.copy(MOVED + <usize>movedCount * 32, address, 32);
  movedCount++;
  return true;
}

function isListed(address: usize): bool {
  const low = load<u64>(address);
  const middle = load<u64>(address, 8);
  const high = load<u64>(address, 16) & 0xffffffff;
  for (let at = MOVED, end = MOVED + <usize>movedCount * 32; at < end; at += 32) {
    if (load<u64>(at) === low && load<u64>(at, 8) === middle && (load<u64>(at, 16) & 0xffffffff) === high) return true;
  }
  return false;
}

/** Whether a call of the address is a call of a precompiled contract. */
function runsPrecompile(address: usize): bool {
  return isMoved ? isListed(address) : isPrecompile(address);
}

/** They are warm in every transaction (EIP-2929), moved or not. */
export function isPrecompile(address: usize): bool {
  const low = load<u64>(address);
  const rest = load<u64>(address, 8) | (load<u64>(address, 16) & 0xffffffff);
  return rest === 0 && ((low >= 1 && low <= precompileLast) || low === precompileApart);
}

function field(offset: usize): u32 {
  return load<u32>(REQUEST + offset);
}

/** Nothing was begun: the gas comes back, and there is no output. */
export function refuse(): i32 {
  setEnding(at.STATUS_REVERT, load<i64>(REQUEST, request.REQUEST_GAS), 0, 0);
  return HAS_ENDED;
}

/**
 * From the caller; most calls send nothing, and nobody looks for their caller.
 *
 * @returns false where the balance would exceed a word: nothing moves then
 */
function moveValue(to: usize): bool {
  const value = REQUEST + request.REQUEST_VALUE;
  if (isZero(value)) return true;
  const from = accounts.accountAt(REQUEST + request.REQUEST_CALLER);
  if (from === to) return true;
  accounts.loaded(from);
  accounts.loaded(to);
  add(SUM, to + accounts.ACCOUNT_BALANCE, value);
  if (isBelow(SUM, value)) return false;
  accounts.setBalance(to, SUM);
  sub(SUM, from + accounts.ACCOUNT_BALANCE, value);
  accounts.setBalance(from, SUM);
  return true;
}

/** Ends what has begun but for its code; all gas is gone. */
function failAtOnce(status: i32): i32 {
  setEnding(status, 0, 0, 0);
  frames.takeBackTo(frames.upcoming());
  return HAS_ENDED;
}

/** Whether the caller has less than it wants to send. */
export function lacksFunds(): bool {
  const value = REQUEST + request.REQUEST_VALUE;
  if (isZero(value)) return false;
  const caller = accounts.loaded(accounts.accountAt(REQUEST + request.REQUEST_CALLER));
  return isBelow(caller + accounts.ACCOUNT_BALANCE, value);
}

/** `account`: the record of whom the request names. */
export function enterCall(account: usize): i32 {
  const upcoming = frames.upcoming();
  frames.setMarks(upcoming);
  if (field(request.REQUEST_MOVES_VALUE)) {
    accounts.raiseFlag(account, accounts.IS_TOUCHED);
    if (!moveValue(account)) return failAtOnce(at.STATUS_BALANCE_OVERFLOW);
  }
  const codeAddress = REQUEST + request.REQUEST_CODE_ADDRESS;
  if (!field(request.REQUEST_IS_DELEGATED) && runsPrecompile(codeAddress)) return WAITS;
  const isOwn = isEqual(account, codeAddress);
  const owner = accounts.withCode(isOwn ? account : accounts.accountAt(codeAddress));
  const code = owner + accounts.ACCOUNT_CODE;
  const length = load<u32>(code, 4);
  if (length === 0) {
    setEnding(at.STATUS_STOP, load<i64>(REQUEST, request.REQUEST_GAS), 0, 0);
    return HAS_ENDED;
  }
  // It was deposited in this run, and is called now.
  if (load<u32>(code, 8) === 0) placeCode(<usize>load<u32>(code), length, owner);
  frames.push(code, account);
  return HAS_BEGUN;
}

/** The host has run the precompiled contract that was waited for; its output is where `output` says. */
export function endPrecompile(isDone: bool, gasUsed: i64, output: usize, length: u32): void {
  if (isDone) return setEnding(at.STATUS_RETURN, load<i64>(REQUEST, request.REQUEST_GAS) - gasUsed, output, length);
  failAtOnce(at.STATUS_PRECOMPILE_FAILED);
}

/** `account`: the record of whom the request names. The creator's nonce is raised already. */
export function enterCreation(account: usize): i32 {
  accounts.loaded(account);
  const isTaken = load<u64>(account, accounts.ACCOUNT_NONCE) !== 0 || accounts.has(account, accounts.HAS_CODE);
  if (isTaken || (accounts.has(account, accounts.MAY_HAVE_STORAGE) && hasStorage(account))) {
    setEnding(at.STATUS_CREATE_COLLISION, 0, 0, 0);
    return HAS_ENDED;
  }
  frames.setMarks(frames.upcoming());
  accounts.raiseFlag(account, accounts.IS_TOUCHED);
  accounts.raiseFlag(account, accounts.IS_CREATED);
  accounts.setNonce(account, 1);
  if (!moveValue(account)) return failAtOnce(at.STATUS_BALANCE_OVERFLOW);
  const code = initCodeAt(<usize>field(request.REQUEST_INPUT), field(request.REQUEST_INPUT_LENGTH));
  frames.push(code, account);
  return HAS_BEGUN;
}

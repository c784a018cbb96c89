// What CALL, CALLCODE, DELEGATECALL, STATICCALL, CREATE and CREATE2 ask for, read from the stack, paid for, and taken off it.

import { keccak256 } from "@festina/crypto";
import { type Address, bigintToBytes, concatBytes, hexToBytes, toAddress } from "@festina/primitives";
import { isEmptyAccount, readAccount } from "../account.ts";
import { computeContractAddress } from "../contractAddress.ts";
import { delegationTarget } from "../delegation.ts";
import type { StateView } from "../ports.ts";
import type { CallRequest, CreationRequest } from "./frameStack.ts";
import { accessPrice, type CurrentRun } from "./host.ts";
import type { KernelMemory } from "./kernel.ts";
import { INIT_CODE_BYTES_MAX, PRICE, passedOn, wordsOf } from "./price.ts";

const WORD_BYTES = 32;
const CALL = 0xf1;
const CALLCODE = 0xf2;
const DELEGATECALL = 0xf4;
const STATICCALL = 0xfa;
const CREATE2 = 0xf5;
const PREFIX = Uint8Array.of(0xff);

/** The instruction before the frame's program counter: the one that asks. */
function opcodeOf(memory: KernelMemory, frame: number): number {
  return memory.bytes[memory.get(frame, "code") + memory.get(frame, "pc") - 1] as number;
}

const isAlive = (view: StateView, address: Address): boolean => !isEmptyAccount(readAccount(view, address));

/** `null` when the frame cannot pay. */
export function readCall(memory: KernelMemory, frame: number, run: CurrentRun, self: Address): CallRequest | null {
  const { view, state } = run;
  const opcode = opcodeOf(memory, frame);
  const top = memory.get(frame, "top");
  const hasValue = opcode === CALL || opcode === CALLCODE;
  const to = memory.address(top - WORD_BYTES);
  const valueWei = hasValue ? memory.word(top - 2 * WORD_BYTES) : 0n;
  const ranges = top - (hasValue ? 3 : 2) * WORD_BYTES;
  let price = accessPrice(state, to);
  const target = delegationTarget(view.getCode(to));
  if (target !== null) price += accessPrice(state, target);
  if (valueWei !== 0n) {
    price += PRICE.callValue;
    if (opcode === CALL && !isAlive(view, to)) price += PRICE.newAccount;
  }
  const left = memory.gas(frame) - price;
  if (left < 0) return null;
  const wanted = memory.word(top);
  const affordable = passedOn(left);
  const passed = wanted < BigInt(affordable) ? Number(wanted) : affordable;
  memory.setGas(frame, left - passed);
  const resultAt = top - (hasValue ? 6 : 5) * WORD_BYTES;
  const inputLength = memory.small(ranges - WORD_BYTES);
  const outputMax = memory.small(ranges - 3 * WORD_BYTES);
  const base = memory.get(frame, "memory");
  const request: CallRequest = {
    kind: "call",
    gas: passed + (valueWei === 0n ? 0 : PRICE.callStipend),
    address: opcode === CALL || opcode === STATICCALL ? to : self,
    codeAddress: target ?? to,
    isDelegated: target !== null,
    caller: opcode === DELEGATECALL ? memory.address(frame + CALLER) : self,
    valueWei: opcode === DELEGATECALL ? memory.word(frame + VALUE) : valueWei,
    movesValue: opcode !== DELEGATECALL,
    isStatic: opcode === STATICCALL || memory.get(frame, "isStatic") !== 0,
    inputAt: inputLength === 0 ? base : base + memory.small(ranges),
    inputLength,
    outputAt: outputMax === 0 ? base : base + memory.small(ranges - 2 * WORD_BYTES),
    outputMax,
    resultAt,
  };
  memory.set(frame, "top", resultAt);
  return request;
}

/** Offsets of words in a frame: layout of the kernel. */
const CALLER = 96;
const VALUE = 128;

export interface AddressSource {
  readonly top: { readonly address: Address };
}

/** `null` when the frame cannot pay, or the code is longer than may be. */
export function readCreation(
  memory: KernelMemory,
  frame: number,
  run: CurrentRun,
  frames: AddressSource,
): CreationRequest | null {
  const isCreate2 = opcodeOf(memory, frame) === CREATE2;
  const top = memory.get(frame, "top");
  const length = memory.small(top - 2 * WORD_BYTES);
  if (length > INIT_CODE_BYTES_MAX) return null;
  const price = wordsOf(length) * (PRICE.initCodeWord + (isCreate2 ? PRICE.hashWord : 0));
  const left = memory.gas(frame) - price;
  if (left < 0) return null;
  const passed = passedOn(left);
  memory.setGas(frame, left - passed);
  const base = memory.get(frame, "memory");
  const initCode = length === 0 ? new Uint8Array(0) : memory.read(base + memory.small(top - WORD_BYTES), length);
  const caller = frames.top.address;
  const address = isCreate2
    ? saltedAddress(caller, memory.word(top - 3 * WORD_BYTES), initCode)
    : computeContractAddress(caller, readAccount(run.view, caller).nonce);
  const resultAt = top - (isCreate2 ? 3 : 2) * WORD_BYTES;
  const valueWei = memory.word(top);
  memory.set(frame, "top", resultAt);
  return {
    kind: "creation",
    gas: passed,
    address,
    caller,
    valueWei,
    initCode,
    isStatic: false,
    outputAt: base,
    outputMax: 0,
    resultAt,
  };
}

/** EIP-1014. */
function saltedAddress(creator: Address, salt: bigint, initCode: Uint8Array): Address {
  const parts = concatBytes(PREFIX, hexToBytes(creator), bigintToBytes(salt, WORD_BYTES), keccak256(initCode));
  return toAddress(keccak256(parts).subarray(12));
}

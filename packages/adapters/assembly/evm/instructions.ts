// Instructions that the loop leaves to others: it has put its registers back into the frame, and takes them up again after.
import { raise, topOf } from "./frame";
import { blockHashOf } from "./host";
import * as at from "./layout";
import * as inMemory from "./memoryInstructions";
import * as inState from "./stateInstructions";
import { copy, setSmall } from "./word";

function pushWord(frame: usize, from: usize): i32 {
  copy(raise(frame), from);
  return at.GOES_ON;
}

function pushNumber(frame: usize, value: u32): i32 {
  setSmall(raise(frame), <u64>value);
  return at.GOES_ON;
}

/** @returns GOES_ON, or why the frame stops or waits */
// biome-ignore lint/complexity/noExcessiveLinesPerFunction: a table.
export function carryOut(opcode: u8, frame: usize, context: usize): i32 {
  switch (opcode) {
    case 0x20:
      return inMemory.keccak256(frame);
    case 0x30:
      return pushWord(frame, frame + at.FRAME_ADDRESS);
    case 0x31:
      return inState.balance(frame);
    case 0x32:
      return pushWord(frame, context + at.CONTEXT_ORIGIN);
    case 0x33:
      return pushWord(frame, frame + at.FRAME_CALLER);
    case 0x34:
      return pushWord(frame, frame + at.FRAME_VALUE);
    case 0x35:
      return inMemory.loadInput(frame);
    case 0x36:
      return pushNumber(frame, load<u32>(frame, at.FRAME_INPUT_LENGTH));
    case 0x37:
      return inMemory.copyIn(frame, <usize>load<u32>(frame, at.FRAME_INPUT), load<u32>(frame, at.FRAME_INPUT_LENGTH));
    case 0x38:
      return pushNumber(frame, load<u32>(frame, at.FRAME_CODE_LENGTH));
    case 0x39:
      return inMemory.copyIn(frame, <usize>load<u32>(frame, at.FRAME_CODE), load<u32>(frame, at.FRAME_CODE_LENGTH));
    case 0x3a:
      return pushWord(frame, context + at.CONTEXT_GAS_PRICE);
    case 0x3b:
      return inState.codeSize(frame);
    case 0x3c:
      return inState.copyCode(frame);
    case 0x3d:
      return pushNumber(frame, inMemory.returnDataSize());
    case 0x3e:
      return inMemory.copyReturnData(frame);
    case 0x3f:
      return inState.codeHash(frame);
    case 0x40:
      blockHashOf(topOf(frame));
      return at.GOES_ON;
    case 0x41:
      return pushWord(frame, context + at.CONTEXT_COINBASE);
    case 0x42:
      return pushWord(frame, context + at.CONTEXT_TIMESTAMP);
    case 0x43:
      return pushWord(frame, context + at.CONTEXT_NUMBER);
    case 0x44:
      return pushWord(frame, context + at.CONTEXT_PREV_RANDAO);
    case 0x45:
      return pushWord(frame, context + at.CONTEXT_GAS_LIMIT);
    case 0x46:
      return pushWord(frame, context + at.CONTEXT_CHAIN_ID);
    case 0x47:
      return inState.ownBalance(frame);
    case 0x48:
      return pushWord(frame, context + at.CONTEXT_BASE_FEE);
    case 0x49:
      // BLOBHASH: no transaction of this chain has blobs.
      setSmall(topOf(frame), 0);
      return at.GOES_ON;
    case 0x4a:
      return pushWord(frame, context + at.CONTEXT_BLOB_BASE_FEE);
    case 0x54:
      return inState.loadSlot(frame);
    case 0x55:
      return inState.storeSlot(frame);
    case 0x5c:
      return inState.loadTransient(frame);
    case 0x5d:
      return inState.storeTransient(frame);
    case 0x5e:
      return inMemory.copyWithin(frame);
    case 0xa0:
    case 0xa1:
    case 0xa2:
    case 0xa3:
    case 0xa4:
      return inMemory.log(frame, <i32>opcode - 0xa0);
    case 0xf0:
    case 0xf5:
      return inState.create(frame);
    case 0xf1:
      return inState.callWithValue(frame);
    case 0xf2:
      return inState.call(frame, topOf(frame) - 96);
    case 0xf4:
    case 0xfa:
      return inState.call(frame, topOf(frame) - 64);
    case 0xf3:
      return inMemory.finish(frame, at.STATUS_RETURN);
    case 0xfd:
      return inMemory.finish(frame, at.STATUS_REVERT);
    case 0xff:
      return inState.selfDestruct(frame);
    default:
      return at.STATUS_INVALID_OPCODE;
  }
}

// The loop. A frame's registers live in locals while it runs and go back to the frame when it stops or needs the host.
import { grow, priceToReach } from "./expansion";
import { traceStep } from "./host";
import { carryOut } from "./instructions";
import * as at from "./layout";
import { OPCODES } from "./opcodes";
import { multiply, power, significantBytes } from "./product";
import { productModulo, quotientOf, quotientOfSigned, remainderOf, remainderOfSigned, sumModulo } from "./quotient";
import { PAUSE_BELOW } from "./slice";
import { IS_TRACING } from "./tracing";
import * as word from "./word";

/** 32 bytes of ones, 32 of zeros: what is loaded `count` bytes before the zeros begin keeps the lowest `count` bytes. */
const MASKS: usize = memory.data(64, 16);
memory.fill(MASKS, 0xff, 32);

/** The operand of a PUSH: the `count` bytes before `end`. Code is followed by zeros, and does not begin where memory does. */
function push(to: usize, end: usize, count: usize): void {
  const mask = MASKS + (32 - count);
  v128.store(to, v128.and(word.reverseBytes(v128.load(end - 16)), v128.load(mask)));
  v128.store(to, v128.and(word.reverseBytes(v128.load(end - 32)), v128.load(mask, 16)), 16);
}

function swap(top: usize, other: usize): void {
  const a0 = v128.load(top),
    a1 = v128.load(top, 16);
  word.copy(top, other);
  v128.store(other, a0);
  v128.store(other, a1, 16);
}

/** Runs the frame until it ends or the host has to do something. @returns a status */
// biome-ignore lint/complexity/noExcessiveLinesPerFunction: registers are locals, and locals end where the function does.
export function run(frame: usize, context: usize): i32 {
  const code = <usize>load<u32>(frame, at.FRAME_CODE);
  const codeLength = load<u32>(frame, at.FRAME_CODE_LENGTH);
  const jumpTargets = <usize>load<u32>(frame, at.FRAME_JUMP_TARGETS);
  const stack = <usize>load<u32>(frame, at.FRAME_STACK);
  const mem = <usize>load<u32>(frame, at.FRAME_MEMORY);
  let pc = code + <usize>load<u32>(frame, at.FRAME_PC);
  let sp = <usize>load<u32>(frame, at.FRAME_TOP);
  let size = load<u32>(frame, at.FRAME_MEMORY_SIZE);
  let gas = load<i64>(frame, at.FRAME_GAS);
  const pauseBelow = load<i64>(PAUSE_BELOW);
  let status: i32 = at.GOES_ON;

  while (status === at.GOES_ON) {
    if (IS_TRACING) {
      store<u32>(frame, <u32>(pc - code), at.FRAME_PC);
      store<u32>(frame, <u32>sp, at.FRAME_TOP);
      store<u32>(frame, size, at.FRAME_MEMORY_SIZE);
      store<i64>(frame, gas, at.FRAME_GAS);
      traceStep(frame);
    }
    const opcode = load<u8>(pc++);
    const entry = load<u32>(OPCODES + ((<usize>opcode) << 2));
    const height = sp - stack;
    if (height < <usize>((entry >> 11) & 0x3e0)) {
      status = at.STATUS_STACK_UNDERFLOW;
      break;
    }
    if (height + <usize>((entry >> 19) & 0x20) > at.STACK_WORDS_MAX * at.WORD) {
      status = at.STATUS_STACK_OVERFLOW;
      break;
    }
    gas -= <i64>(entry & 0xffff);
    if (gas < 0) {
      status = at.STATUS_OUT_OF_GAS;
      break;
    }
    switch (opcode) {
      case 0x00:
        status = at.STATUS_STOP;
        break;
      case 0x01:
        word.add(sp - 32, sp, sp - 32);
        sp -= 32;
        break;
      case 0x02:
        multiply(sp - 32, sp, sp - 32);
        sp -= 32;
        break;
      case 0x03:
        word.sub(sp - 32, sp, sp - 32);
        sp -= 32;
        break;
      case 0x04:
        quotientOf(sp - 32, sp, sp - 32);
        sp -= 32;
        break;
      case 0x05:
        quotientOfSigned(sp - 32, sp, sp - 32);
        sp -= 32;
        break;
      case 0x06:
        remainderOf(sp - 32, sp, sp - 32);
        sp -= 32;
        break;
      case 0x07:
        remainderOfSigned(sp - 32, sp, sp - 32);
        sp -= 32;
        break;
      case 0x08:
        sumModulo(sp - 64, sp, sp - 32, sp - 64);
        sp -= 64;
        break;
      case 0x09:
        productModulo(sp - 64, sp, sp - 32, sp - 64);
        sp -= 64;
        break;
      case 0x0a:
        gas -= 50 * <i64>significantBytes(sp - 32);
        if (gas < 0) status = at.STATUS_OUT_OF_GAS;
        else power(sp - 32, sp, sp - 32);
        sp -= 32;
        break;
      case 0x0b:
        word.signExtend(sp - 32, sp, sp - 32);
        sp -= 32;
        break;
      case 0x10:
        word.setSmall(sp - 32, <u64>word.isBelow(sp, sp - 32));
        sp -= 32;
        break;
      case 0x11:
        word.setSmall(sp - 32, <u64>word.isBelow(sp - 32, sp));
        sp -= 32;
        break;
      case 0x12:
        word.setSmall(sp - 32, <u64>word.isBelowSigned(sp, sp - 32));
        sp -= 32;
        break;
      case 0x13:
        word.setSmall(sp - 32, <u64>word.isBelowSigned(sp - 32, sp));
        sp -= 32;
        break;
      case 0x14:
        word.setSmall(sp - 32, <u64>word.isEqual(sp, sp - 32));
        sp -= 32;
        break;
      case 0x15:
        word.setSmall(sp, <u64>word.isZero(sp));
        break;
      case 0x16:
        sp -= 32;
        v128.store(sp, v128.and(v128.load(sp), v128.load(sp, 32)));
        v128.store(sp, v128.and(v128.load(sp, 16), v128.load(sp, 48)), 16);
        break;
      case 0x17:
        sp -= 32;
        v128.store(sp, v128.or(v128.load(sp), v128.load(sp, 32)));
        v128.store(sp, v128.or(v128.load(sp, 16), v128.load(sp, 48)), 16);
        break;
      case 0x18:
        sp -= 32;
        v128.store(sp, v128.xor(v128.load(sp), v128.load(sp, 32)));
        v128.store(sp, v128.xor(v128.load(sp, 16), v128.load(sp, 48)), 16);
        break;
      case 0x19:
        word.not(sp, sp);
        break;
      case 0x1a:
        word.byteAt(sp - 32, sp, sp - 32);
        sp -= 32;
        break;
      case 0x1b:
        word.shiftLeft(sp - 32, sp, sp - 32);
        sp -= 32;
        break;
      case 0x1c:
        word.shiftRight(sp - 32, sp, sp - 32);
        sp -= 32;
        break;
      case 0x1d:
        word.shiftRightSigned(sp - 32, sp, sp - 32);
        sp -= 32;
        break;
      case 0x1e:
        // The one instruction here that not all rules have.
        if (entry === 0) status = at.STATUS_INVALID_OPCODE;
        else word.countLeadingZeros(sp, sp);
        break;
      case 0x50:
        sp -= 32;
        break;
      case 0x51: {
        const end = word.exceedsU32(sp) ? u64.MAX_VALUE : load<u64>(sp) + 32;
        if (end > <u64>size) {
          gas -= priceToReach(size, end);
          if (gas < 0) {
            status = at.STATUS_OUT_OF_GAS;
            break;
          }
          size = grow(mem, size, end);
        }
        word.swapBytes(sp, mem + <usize>load<u64>(sp));
        break;
      }
      case 0x52: {
        const end = word.exceedsU32(sp) ? u64.MAX_VALUE : load<u64>(sp) + 32;
        if (end > <u64>size) {
          gas -= priceToReach(size, end);
          if (gas < 0) {
            status = at.STATUS_OUT_OF_GAS;
            break;
          }
          size = grow(mem, size, end);
        }
        word.swapBytes(mem + <usize>load<u64>(sp), sp - 32);
        sp -= 64;
        break;
      }
      case 0x53: {
        const end = word.exceedsU32(sp) ? u64.MAX_VALUE : load<u64>(sp) + 1;
        if (end > <u64>size) {
          gas -= priceToReach(size, end);
          if (gas < 0) {
            status = at.STATUS_OUT_OF_GAS;
            break;
          }
          size = grow(mem, size, end);
        }
        store<u8>(mem + <usize>load<u64>(sp), load<u8>(sp - 32));
        sp -= 64;
        break;
      }
      case 0x56: {
        const to = <usize>load<u64>(sp);
        if (word.exceedsU32(sp) || <u32>to >= codeLength || load<u8>(jumpTargets + to) === 0) {
          status = at.STATUS_INVALID_JUMP;
          break;
        }
        pc = code + to;
        sp -= 32;
        if (gas < pauseBelow) status = at.STATUS_PAUSED;
        break;
      }
      case 0x57: {
        const isTaken = !word.isZero(sp - 32);
        if (isTaken) {
          const to = <usize>load<u64>(sp);
          if (word.exceedsU32(sp) || <u32>to >= codeLength || load<u8>(jumpTargets + to) === 0) {
            status = at.STATUS_INVALID_JUMP;
            break;
          }
          pc = code + to;
          if (gas < pauseBelow) status = at.STATUS_PAUSED;
        }
        sp -= 64;
        break;
      }
      case 0x58:
        sp += 32;
        word.setSmall(sp, <u64>(pc - 1 - code));
        break;
      case 0x59:
        sp += 32;
        word.setSmall(sp, <u64>size);
        break;
      case 0x5a:
        sp += 32;
        word.setSmall(sp, <u64>gas);
        break;
      case 0x5b:
        break;
      case 0x5f:
        sp += 32;
        word.setSmall(sp, 0);
        break;
      case 0x60:
        sp += 32;
        word.setSmall(sp, <u64>load<u8>(pc));
        pc += 1;
        break;
      case 0x61:
        sp += 32;
        word.setSmall(sp, <u64>bswap<u16>(load<u16>(pc)));
        pc += 2;
        break;
      default:
        if (opcode >= 0x62 && opcode <= 0x7f) {
          const count = <usize>opcode - 0x5f;
          sp += 32;
          pc += count;
          push(sp, pc, count);
        } else if (opcode >= 0x80 && opcode <= 0x8f) {
          word.copy(sp + 32, sp - ((<usize>(opcode - 0x80)) << 5));
          sp += 32;
        } else if (opcode >= 0x90 && opcode <= 0x9f) {
          swap(sp, sp - ((<usize>(opcode - 0x8f)) << 5));
        } else {
          store<u32>(frame, <u32>sp, at.FRAME_TOP);
          store<u32>(frame, size, at.FRAME_MEMORY_SIZE);
          store<i64>(frame, gas, at.FRAME_GAS);
          status = carryOut(opcode, frame, context);
          sp = <usize>load<u32>(frame, at.FRAME_TOP);
          size = load<u32>(frame, at.FRAME_MEMORY_SIZE);
          gas = load<i64>(frame, at.FRAME_GAS);
        }
    }
  }
  store<u32>(frame, <u32>(pc - code), at.FRAME_PC);
  store<u32>(frame, <u32>sp, at.FRAME_TOP);
  store<u32>(frame, size, at.FRAME_MEMORY_SIZE);
  store<i64>(frame, gas, at.FRAME_GAS);
  return status;
}

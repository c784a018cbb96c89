// The loop. A frame's registers live in locals while it runs and go back to the frame when it stops or needs the host.
import { grow, priceToReach } from "./expansion";
import { traceStep } from "./host";
import { carryOut } from "./instructions";
import * as at from "./layout";
import { OPCODES } from "./opcodes";
import { multiply, power, significantBytes } from "./product";
import { productModulo, quotientOf, quotientOfSigned, remainderOf, remainderOfSigned, sumModulo } from "./quotient";
import { SEGMENT_GAS, SEGMENT_LENGTH, SEGMENT_NEEDS, SEGMENT_ROOM, segmentAt } from "./segments";
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

/** The registers go back to the frame. @returns the status */
function stop(frame: usize, pc: usize, sp: usize, size: u32, gas: i64, status: i32): i32 {
  store<u32>(frame, <u32>pc, at.FRAME_PC);
  store<u32>(frame, <u32>sp, at.FRAME_TOP);
  store<u32>(frame, size, at.FRAME_MEMORY_SIZE);
  store<i64>(frame, gas, at.FRAME_GAS);
  return status;
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
  /** Up to here gas is paid and the stack is known to do. */
  let end = pc;

  while (true) {
    if (IS_TRACING) {
      stop(frame, pc - code, sp, size, gas, 0);
      traceStep(frame);
      // One instruction after the other, so that each is seen with the gas and the fault that are its own.
      const facts = load<u32>(OPCODES + ((<usize>load<u8>(pc)) << 2));
      const height = sp - stack;
      if (height < <usize>((facts >> 11) & 0x3e0))
        return stop(frame, pc + 1 - code, sp, size, gas, at.STATUS_STACK_UNDERFLOW);
      if (height + <usize>((facts >> 19) & 0x20) > at.STACK_WORDS_MAX * at.WORD)
        return stop(frame, pc + 1 - code, sp, size, gas, at.STATUS_STACK_OVERFLOW);
      gas -= <i64>(facts & 0xffff);
      if (gas < 0) return stop(frame, pc + 1 - code, sp, size, gas, at.STATUS_OUT_OF_GAS);
    } else if (pc === end) {
      const segment = segmentAt(pc);
      const above = <u32>(sp - stack) - ((<u32>load<u16>(segment, SEGMENT_NEEDS)) << 5);
      if (above > load<u32>(segment, SEGMENT_ROOM)) {
        const isUnderflow = <i32>above < 0;
        const status = isUnderflow ? at.STATUS_STACK_UNDERFLOW : at.STATUS_STACK_OVERFLOW;
        return stop(frame, pc + 1 - code, sp, size, gas, status);
      }
      gas -= <i64>load<u32>(segment, SEGMENT_GAS);
      if (gas < 0) return stop(frame, pc + 1 - code, sp, size, gas, at.STATUS_OUT_OF_GAS);
      end = pc + <usize>load<u16>(segment, SEGMENT_LENGTH);
    }
    const opcode = load<u8>(pc++);
    switch (opcode) {
      case 0x00:
        return stop(frame, pc - code, sp, size, gas, at.STATUS_STOP);
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
        if (gas < 0) return stop(frame, pc - code, sp, size, gas, at.STATUS_OUT_OF_GAS);
        power(sp - 32, sp, sp - 32);
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
        word.and(sp - 32, sp, sp - 32);
        sp -= 32;
        break;
      case 0x17:
        word.or(sp - 32, sp, sp - 32);
        sp -= 32;
        break;
      case 0x18:
        word.xor(sp - 32, sp, sp - 32);
        sp -= 32;
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
        if (load<u32>(OPCODES, 0x1e << 2) === 0) return stop(frame, pc - code, sp, size, gas, at.STATUS_INVALID_OPCODE);
        word.countLeadingZeros(sp, sp);
        break;
      case 0x50:
        sp -= 32;
        break;
      case 0x51: {
        const end = word.exceedsU32(sp) ? u64.MAX_VALUE : load<u64>(sp) + 32;
        if (end > <u64>size) {
          gas -= priceToReach(size, end);
          if (gas < 0) return stop(frame, pc - code, sp, size, gas, at.STATUS_OUT_OF_GAS);
          size = grow(mem, size, end);
        }
        word.swapBytes(sp, mem + <usize>load<u64>(sp));
        break;
      }
      case 0x52: {
        const end = word.exceedsU32(sp) ? u64.MAX_VALUE : load<u64>(sp) + 32;
        if (end > <u64>size) {
          gas -= priceToReach(size, end);
          if (gas < 0) return stop(frame, pc - code, sp, size, gas, at.STATUS_OUT_OF_GAS);
          size = grow(mem, size, end);
        }
        word.swapLimbBytes(mem + <usize>load<u64>(sp), sp - 32);
        sp -= 64;
        break;
      }
      case 0x53: {
        const end = word.exceedsU32(sp) ? u64.MAX_VALUE : load<u64>(sp) + 1;
        if (end > <u64>size) {
          gas -= priceToReach(size, end);
          if (gas < 0) return stop(frame, pc - code, sp, size, gas, at.STATUS_OUT_OF_GAS);
          size = grow(mem, size, end);
        }
        store<u8>(mem + <usize>load<u64>(sp), load<u8>(sp - 32));
        sp -= 64;
        break;
      }
      case 0x56: {
        const to = <usize>load<u64>(sp);
        if (word.exceedsU32(sp) || <u32>to >= codeLength || load<u8>(jumpTargets + to) === 0)
          return stop(frame, pc - code, sp, size, gas, at.STATUS_INVALID_JUMP);
        sp -= 32;
        pc = code + to;
        end = pc;
        if (gas < pauseBelow) return stop(frame, to, sp, size, gas, at.STATUS_PAUSED);
        break;
      }
      case 0x57: {
        if (!word.isZero(sp - 32)) {
          const to = <usize>load<u64>(sp);
          if (word.exceedsU32(sp) || <u32>to >= codeLength || load<u8>(jumpTargets + to) === 0)
            return stop(frame, pc - code, sp, size, gas, at.STATUS_INVALID_JUMP);
          pc = code + to;
          end = pc;
          if (gas < pauseBelow) return stop(frame, to, sp - 64, size, gas, at.STATUS_PAUSED);
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
      case 0x61: {
        const value = <usize>bswap<u16>(load<u16>(pc));
        pc += 2;
        const next = load<u8>(pc);
        // Most jumps have their target before them.
        if (IS_TRACING || pc === end || (next !== 0x56 && next !== 0x57)) {
          sp += 32;
          word.setSmall(sp, <u64>value);
          break;
        }
        pc++;
        if (next === 0x57) {
          sp -= 32;
          if (word.isZero(sp + 32)) break;
        }
        if (<u32>value >= codeLength || load<u8>(jumpTargets + value) === 0)
          return stop(frame, pc - code, sp, size, gas, at.STATUS_INVALID_JUMP);
        pc = code + value;
        end = pc;
        if (gas < pauseBelow) return stop(frame, value, sp, size, gas, at.STATUS_PAUSED);
        break;
      }
      case 0x62:
      case 0x63:
      case 0x64:
      case 0x65:
      case 0x66:
      case 0x67:
      case 0x68:
      case 0x69:
      case 0x6a:
      case 0x6b:
      case 0x6c:
      case 0x6d:
      case 0x6e:
      case 0x6f:
      case 0x70:
      case 0x71:
      case 0x72:
      case 0x73:
      case 0x74:
      case 0x75:
      case 0x76:
      case 0x77:
      case 0x78:
      case 0x79:
      case 0x7a:
      case 0x7b:
      case 0x7c:
      case 0x7d:
      case 0x7e:
      case 0x7f: {
        const count = <usize>opcode - 0x5f;
        sp += 32;
        pc += count;
        push(sp, pc, count);
        break;
      }
      case 0x80:
      case 0x81:
      case 0x82:
      case 0x83:
      case 0x84:
      case 0x85:
      case 0x86:
      case 0x87:
      case 0x88:
      case 0x89:
      case 0x8a:
      case 0x8b:
      case 0x8c:
      case 0x8d:
      case 0x8e:
      case 0x8f:
        word.copyLimbs(sp + 32, sp - ((<usize>(opcode - 0x80)) << 5));
        sp += 32;
        break;
      case 0x90:
      case 0x91:
      case 0x92:
      case 0x93:
      case 0x94:
      case 0x95:
      case 0x96:
      case 0x97:
      case 0x98:
      case 0x99:
      case 0x9a:
      case 0x9b:
      case 0x9c:
      case 0x9d:
      case 0x9e:
      case 0x9f:
        word.swapLimbs(sp, sp - ((<usize>(opcode - 0x8f)) << 5));
        break;
      default: {
        stop(frame, pc - code, sp, size, gas, 0);
        const status = carryOut(opcode, frame, context);
        if (status !== at.GOES_ON) return status;
        sp = <usize>load<u32>(frame, at.FRAME_TOP);
        size = load<u32>(frame, at.FRAME_MEMORY_SIZE);
        gas = load<i64>(frame, at.FRAME_GAS);
      }
    }
  }
}

import type { Address } from "@festina/primitives";
import { FIELD } from "../interpreter/kernel.ts";
import { WORD_BYTES } from "../interpreter/kernelMemory.ts";
import type { TracePorts } from "./traceHost.ts";
import type { TracedStep } from "./tracer.ts";

/** An instruction about to run, read out of the kernel's memory while the kernel waits. */
export class FrameStep implements TracedStep {
  readonly pc: number;
  readonly opcode: number;
  readonly gas: number;
  readonly depth: number;
  readonly stackHeight: number;
  readonly memorySize: number;
  readonly #ports: TracePorts;
  readonly #frame: number;
  readonly #top: number;

  constructor(ports: TracePorts, frame: number, depth: number) {
    const memory = ports.memory();
    this.#ports = ports;
    this.#frame = frame;
    this.depth = depth;
    this.pc = memory.u32(frame + FIELD.pc);
    this.opcode = memory.bytes[memory.u32(frame + FIELD.code) + this.pc] as number;
    this.gas = memory.integer(frame + FIELD.gas);
    this.#top = memory.u32(frame + FIELD.top);
    this.stackHeight = (this.#top - memory.u32(frame + FIELD.stack)) / WORD_BYTES;
    this.memorySize = memory.u32(frame + FIELD.memorySize);
  }

  get refund(): number {
    return Number(this.#ports.kernel().refund());
  }

  get address(): Address {
    return this.#ports.memory().address(this.#frame + FIELD.address);
  }

  peek(depth: number): bigint {
    return depth < this.stackHeight ? this.#ports.memory().word(this.#top - depth * WORD_BYTES) : 0n;
  }

  /** The low 20 bytes of a word. */
  peekAddress(depth: number): Address {
    // What lies below the stack is memory all the same.
    return this.#ports.memory().address(this.#top - depth * WORD_BYTES);
  }

  stack(): readonly bigint[] {
    const memory = this.#ports.memory();
    const bottom = this.#top - this.stackHeight * WORD_BYTES;
    return Array.from({ length: this.stackHeight }, (_, index) => memory.word(bottom + (index + 1) * WORD_BYTES));
  }

  memory(offset = 0, length = this.memorySize): Uint8Array {
    const memory = this.#ports.memory();
    const from = Math.min(offset, this.memorySize);
    return memory.read(memory.u32(this.#frame + FIELD.memory) + from, Math.min(length, this.memorySize - from));
  }

  code(): Uint8Array {
    const memory = this.#ports.memory();
    return memory.read(memory.u32(this.#frame + FIELD.code), memory.u32(this.#frame + FIELD.codeLength));
  }

  returnData(): Uint8Array {
    return this.#ports.memory().read(this.#ports.returnRoom(), this.#ports.kernel().returnDataSize());
  }

  slot(key: bigint): bigint {
    const kernel = this.#ports.kernel();
    const scratch = kernel.scratchPointer();
    this.#ports.memory().setWord(scratch, key);
    const at = kernel.slotValue(this.#frame, scratch);
    return this.#ports.memory().word(at);
  }
}

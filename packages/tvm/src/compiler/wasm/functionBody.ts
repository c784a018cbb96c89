// The body of one function: instructions one after the other, and locals as they are asked for.
import { ByteWriter } from "./byteWriter.ts";
import { OPERATION, TYPE, type ValueType, VECTOR } from "./operation.ts";

const ALIGNED_4 = 2;
const ALIGNED_8 = 3;
/** Vectors lie at addresses of contracts' choosing. */
const UNALIGNED = 0;
const LANES_REVERSED = Uint8Array.from({ length: 16 }, (_, lane) => 15 - lane);

export class FunctionBody {
  readonly #code: ByteWriter;
  readonly #locals: ValueType[] = [];
  readonly #parameterCount: number;
  /** Functions that it calls, but for those that take its place. */
  readonly callees = new Set<number>();

  /** @param room what it is written into; begins with this function, which has to be finished before the next one */
  constructor(parameterCount: number, room: ByteWriter = new ByteWriter()) {
    room.clear();
    this.#code = room;
    this.#parameterCount = parameterCount;
  }

  /** Bytes of instructions so far. */
  get length(): number {
    return this.#code.length;
  }

  /** A new local. @returns its index */
  local(type: ValueType): number {
    return this.#parameterCount + this.#locals.push(type) - 1;
  }

  op(operation: number): void {
    this.#code.byte(operation);
  }

  get(local: number): void {
    this.#code.byte(OPERATION.localGet);
    this.#code.unsigned(local);
  }

  set(local: number): void {
    this.#code.byte(OPERATION.localSet);
    this.#code.unsigned(local);
  }

  tee(local: number): void {
    this.#code.byte(OPERATION.localTee);
    this.#code.unsigned(local);
  }

  /** Takes the top value into a local of its own. */
  keep(type: ValueType): number {
    const local = this.local(type);
    this.set(local);
    return local;
  }

  i32(value: number): void {
    this.#code.byte(OPERATION.i32Const);
    this.#code.signed(value);
  }

  i64(value: bigint): void {
    this.#code.byte(OPERATION.i64Const);
    this.#code.signedLong(value);
  }

  load32(offset: number): void {
    this.#access(OPERATION.i32Load, ALIGNED_4, offset);
  }

  load64(offset: number): void {
    this.#access(OPERATION.i64Load, ALIGNED_8, offset);
  }

  store32(offset: number): void {
    this.#access(OPERATION.i32Store, ALIGNED_4, offset);
  }

  store64(offset: number): void {
    this.#access(OPERATION.i64Store, ALIGNED_8, offset);
  }

  store8(offset: number): void {
    this.#access(OPERATION.i32Store8, UNALIGNED, offset);
  }

  loadVector(offset: number): void {
    this.#code.byte(OPERATION.vector);
    this.#access(VECTOR.load, UNALIGNED, offset);
  }

  storeVector(offset: number): void {
    this.#code.byte(OPERATION.vector);
    this.#access(VECTOR.store, UNALIGNED, offset);
  }

  /** The 16 bytes of a vector the other way round. It takes the vector from a local: both operands are the same. */
  reverseVector(local: number): void {
    this.get(local);
    this.get(local);
    this.#code.byte(OPERATION.vector);
    this.#code.unsigned(VECTOR.shuffle);
    this.#code.write(LANES_REVERSED);
  }

  splat64(): void {
    this.#code.byte(OPERATION.vector);
    this.#code.unsigned(VECTOR.splat64);
  }

  extract64(lane: number): void {
    this.#code.byte(OPERATION.vector);
    this.#code.unsigned(VECTOR.extract64);
    this.#code.byte(lane);
  }

  replace64(lane: number): void {
    this.#code.byte(OPERATION.vector);
    this.#code.unsigned(VECTOR.replace64);
    this.#code.byte(lane);
  }

  call(callee: number): void {
    this.callees.add(callee);
    this.#code.byte(OPERATION.call);
    this.#code.unsigned(callee);
  }

  /** The callee takes this function's place. */
  tailCall(callee: number): void {
    this.#code.byte(OPERATION.returnCall);
    this.#code.unsigned(callee);
  }

  tailCallIndirect(type: number): void {
    this.#code.byte(OPERATION.returnCallIndirect);
    this.#code.unsigned(type);
    this.#code.byte(0);
  }

  /** Runs `then` when the top i32 is not 0. */
  when(then: () => void, otherwise?: () => void): void {
    this.#code.byte(OPERATION.if);
    this.#code.byte(TYPE.nothing);
    then();
    if (otherwise !== undefined) {
      this.#code.byte(OPERATION.else);
      otherwise();
    }
    this.#code.byte(OPERATION.end);
  }

  /** Writes the function as the code section has it: its size, its locals in runs of one type, its instructions. */
  writeTo(section: ByteWriter): void {
    this.#code.byte(OPERATION.end);
    const end = this.#code.length;
    this.#writeLocals();
    section.unsigned(this.#code.length);
    section.write(this.#code.bytes.subarray(end));
    section.write(this.#code.bytes.subarray(0, end));
  }

  #writeLocals(): void {
    const runs: [number, ValueType][] = [];
    for (const type of this.#locals) {
      const last = runs.at(-1);
      if (last !== undefined && last[1] === type) last[0] += 1;
      else runs.push([1, type]);
    }
    this.#code.unsigned(runs.length);
    for (const [count, type] of runs) {
      this.#code.unsigned(count);
      this.#code.byte(type);
    }
  }

  #access(operation: number, alignment: number, offset: number): void {
    this.#code.byte(operation);
    this.#code.byte(alignment);
    this.#code.unsigned(offset);
  }
}

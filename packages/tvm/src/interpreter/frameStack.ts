// Frames: entering a call or creation, leaving it, and telling the caller how it went.

import { type Address, assert, EMPTY_BYTES } from "@festina/primitives";
import { creditBalance, debitBalance, EMPTY_CODE_HASH, readAccount } from "../account.ts";
import type { FrameRunner } from "../compiler/compiledCodes.ts";
import { computeContractAddress } from "../contractAddress.ts";
import type { StateView } from "../ports.ts";
import type { CodeStore, LoadedCode } from "./codeStore.ts";
import { type Ending, halt } from "./ending.ts";
import type { CurrentRun } from "./host.ts";
import { FIELD, type KernelExports, type KernelMemory } from "./kernel.ts";
import type { PrecompileResult, Precompiles } from "./precompilePort.ts";
import { CODE_BYTES_MAX, PRICE } from "./price.ts";

interface Shared {
  /** What it may use. */
  readonly gas: number;
  /** Whose storage it uses; of a creation, where the contract goes. */
  readonly address: Address;
  readonly caller: Address;
  readonly valueWei: bigint;
  readonly isStatic: boolean;
  /** Where in the kernel's memory the caller wants the output, and how much of it. */
  readonly outputAt: number;
  readonly outputMax: number;
  /** The caller's stack word for the result; `null` for the run's first frame. */
  readonly resultAt: number | null;
}

export interface CallRequest extends Shared {
  readonly kind: "call";
  readonly codeAddress: Address;
  /** The code comes by way of a delegation: then no precompile is meant (EIP-7702). */
  readonly isDelegated: boolean;
  /** False for DELEGATECALL, which only shows the value. */
  readonly movesValue: boolean;
  readonly inputAt: number;
  readonly inputLength: number;
}

export interface CreationRequest extends Shared {
  readonly kind: "creation";
  readonly initCode: Uint8Array;
}

export type Request = CallRequest | CreationRequest;

interface Frame {
  readonly request: Request;
  readonly address: Address;
  /** For `RunState.revert`. */
  readonly mark: number;
  /** For compiled code. */
  readonly runner: FrameRunner | null;
}

export interface FrameStackParts {
  readonly kernel: KernelExports;
  readonly memory: KernelMemory;
  readonly codes: CodeStore;
  readonly precompiles: Precompiles;
  readonly run: () => CurrentRun;
  readonly rooms: {
    readonly stacks: number;
    readonly returnRoom: number;
    readonly returnRoomBytes: number;
    readonly memoryBase: number;
  };
}

/** The run's first frame and 1,024 below it. */
const DEPTH_MAX = 1_024;
const NONCE_MAX = 2n ** 64n - 1n;
/** No deployed code begins with it (EIP-3541). */
const RESERVED_BYTE = 0xef;

export class FrameStack {
  readonly #parts: FrameStackParts;
  readonly #frames: Frame[] = [];

  constructor(parts: FrameStackParts) {
    this.#parts = parts;
  }

  get depth(): number {
    return this.#frames.length - 1;
  }

  get top(): Frame {
    const frame = this.#frames.at(-1);
    assert(frame !== undefined, "a run has a frame");
    return frame;
  }

  /** Where a transaction's creation goes: the creator's nonce is raised already. */
  addressOfNext(creator: Address): Address {
    return computeContractAddress(creator, readAccount(this.#parts.run().view, creator).nonce - 1n);
  }

  /** After a failure of ours: every checkpoint that is still open goes. */
  abandon(view: StateView): void {
    for (; this.#frames.length > 0; this.#frames.pop()) view.revert();
  }

  /** What a frame asks for: begins it, or tells the frame at once how it went. Waits only where a precompile does. */
  ask(request: Request): Promise<void> | undefined {
    const { view } = this.#parts.run();
    const caller = readAccount(view, request.caller);
    const lacksFunds = request.kind === "creation" || request.movesValue ? caller.balanceWei < request.valueWei : false;
    const isAtEnd = request.kind === "creation" && caller.nonce === NONCE_MAX;
    const isRefused = lacksFunds || isAtEnd || this.depth >= DEPTH_MAX;
    const ending = isRefused ? refusal(request) : this.enter(request);
    if (ending instanceof Promise) return ending.then((late) => this.#tell(request, late));
    if (ending !== null) this.#tell(request, ending);
    return undefined;
  }

  /** Begins a call or creation; how it ended when it needs no code to run. */
  enter(request: Request): Ending | null | Promise<Ending> {
    return request.kind === "call" ? this.#enterCall(request) : this.#enterCreation(request);
  }

  #enterCall(request: CallRequest): Ending | null | Promise<Ending> {
    const { precompiles, memory, codes } = this.#parts;
    const { view, state } = this.#parts.run();
    const { address, codeAddress, caller, valueWei } = request;
    const mark = state.mark;
    view.checkpoint();
    if (request.movesValue) {
      state.touch(address);
      this.#move(caller, address, valueWei);
    }
    if (!request.isDelegated && precompiles.has(codeAddress)) {
      const input = memory.read(request.inputAt, request.inputLength);
      const result = precompiles.run(codeAddress, input, BigInt(request.gas));
      if (!(result instanceof Promise)) return this.#settle(precompileEnding(result, request.gas), mark);
      return result.then((late) => this.#settle(precompileEnding(late, request.gas), mark));
    }
    const { codeHash } = readAccount(view, codeAddress);
    if (codeHash === EMPTY_CODE_HASH) {
      return this.#settle({ kind: "success", gasLeft: request.gas, output: EMPTY_BYTES }, mark);
    }
    const code = codes.load(codeHash, view.getCode(codeAddress));
    this.#push(request, code, mark, request.inputAt, request.inputLength);
    return null;
  }

  #enterCreation(request: CreationRequest): Ending | null {
    const { view, state } = this.#parts.run();
    const { address, caller, valueWei, resultAt } = request;
    if (resultAt !== null) {
      state.warm(address);
      const creator = readAccount(view, caller);
      view.putAccount(caller, { ...creator, nonce: creator.nonce + 1n });
    }
    const there = readAccount(view, address);
    if (there.nonce !== 0n || there.codeHash !== EMPTY_CODE_HASH || view.hasStorage(address))
      return halt("CREATE_COLLISION");
    const mark = state.mark;
    view.checkpoint();
    state.touch(address);
    state.create(address);
    view.putAccount(address, { ...there, nonce: 1n });
    this.#move(caller, address, valueWei);
    this.#push(request, this.#parts.codes.place(request.initCode), mark, 0, 0);
    return null;
  }

  #move(from: Address, to: Address, valueWei: bigint): void {
    if (valueWei === 0n || from === to) return;
    const { view } = this.#parts.run();
    const isPaid = debitBalance(view, from, valueWei);
    assert(isPaid, "the caller's balance was looked at before");
    creditBalance(view, to, valueWei);
  }

  #push(request: Request, code: LoadedCode, mark: number, inputAt: number, inputLength: number): void {
    const { memory, rooms, kernel } = this.#parts;
    const parent = this.#frames.length === 0 ? null : memory.frame(this.depth);
    this.#frames.push({ request, address: request.address, mark, runner: code.compiled?.run ?? null });
    const frame = memory.frame(this.depth);
    const stack = request.resultAt ?? rooms.stacks;
    memory.set(frame, "code", code.pointer);
    memory.set(frame, "codeLength", code.length);
    memory.set(frame, "jumpTargets", code.jumpTargets);
    memory.set(frame, "functions", code.compiled?.functions ?? 0);
    memory.set(frame, "pc", 0);
    memory.set(frame, "stack", stack);
    memory.set(frame, "top", stack);
    memory.set(
      frame,
      "memory",
      parent === null ? rooms.memoryBase : memory.get(parent, "memory") + memory.get(parent, "memorySize"),
    );
    memory.set(frame, "memorySize", 0);
    memory.set(frame, "input", inputAt);
    memory.set(frame, "inputLength", inputLength);
    memory.set(frame, "isStatic", request.isStatic ? 1 : 0);
    memory.set(frame, "outputLength", 0);
    memory.setGas(frame, request.gas);
    memory.setAddress(frame + FIELD.address, request.address);
    memory.setAddress(frame + FIELD.caller, request.caller);
    memory.setWord(frame + FIELD.value, request.valueWei);
    kernel.setReturnData(rooms.returnRoom, 0);
  }

  /** The newest frame has ended. @returns the run's ending when it was the first */
  leave(ending: Ending): Ending | undefined {
    const frame = this.#frames.at(-1);
    assert(frame !== undefined, "there is a frame to leave");
    const { request, mark } = frame;
    const settled = request.kind === "creation" ? this.#deposit(request, ending) : ending;
    this.#frames.pop();
    const result = this.#settle(settled, mark);
    if (request.resultAt !== null) {
      this.#tell(request, result);
      return undefined;
    }
    return result.kind === "halt" ? result : { ...result, output: result.output.slice() };
  }

  /** Keeps or takes back what happened since `mark`. */
  #settle(ending: Ending, mark: number): Ending {
    const { view, state } = this.#parts.run();
    if (ending.kind === "success") view.commit();
    else {
      view.revert();
      state.revert(mark);
    }
    return ending;
  }

  /** Init code has run: what it returned becomes the contract, if it may and can be paid for. */
  #deposit({ address }: CreationRequest, ending: Ending): Ending {
    if (ending.kind !== "success") return ending;
    const code = ending.output.slice();
    if (code[0] === RESERVED_BYTE) return halt("CODE_INVALID");
    const gasLeft = ending.gasLeft - code.length * PRICE.codeByte;
    if (gasLeft < 0) return halt("OUT_OF_GAS");
    if (code.length > CODE_BYTES_MAX) return halt("CODE_TOO_LARGE");
    this.#parts.run().view.putCode(address, code);
    return { kind: "success", gasLeft, output: code };
  }

  /** The caller goes on: gas that is left, the result on its stack, output in its memory and as return data. */
  #tell(request: Request, ending: Ending): void {
    const { memory, kernel, rooms } = this.#parts;
    const frame = memory.frame(this.depth);
    const isCreation = request.kind === "creation";
    const gasLeft = ending.kind === "halt" ? 0 : ending.gasLeft;
    memory.setGas(frame, memory.gas(frame) + gasLeft);
    // A contract that was made shows its address instead of its code.
    const isShown = ending.kind === "revert" || (ending.kind === "success" && !isCreation);
    const output = isShown ? ending.output : EMPTY_BYTES;
    if (output.length > rooms.returnRoomBytes) throw new RangeError(`${output.length} bytes of return data`);
    memory.write(rooms.returnRoom, output);
    kernel.setReturnData(rooms.returnRoom, output.length);
    const shown = Math.min(output.length, request.outputMax);
    memory.bytes.copyWithin(request.outputAt, rooms.returnRoom, rooms.returnRoom + shown);
    const resultAt = request.resultAt as number;
    if (ending.kind !== "success") memory.setWord(resultAt, 0n);
    else if (isCreation) memory.setAddress(resultAt, request.address);
    else memory.setWord(resultAt, 1n);
  }
}

function precompileEnding(result: PrecompileResult, gas: number): Ending {
  if (result === null) return halt("PRECOMPILE_FAILED");
  return { kind: "success", gasLeft: gas - Number(result.gasUsed), output: result.output };
}

/** Nothing was begun: the gas comes back, and there is no output. */
function refusal(request: Request): Ending {
  return { kind: "revert", gasLeft: request.gas, output: EMPTY_BYTES };
}

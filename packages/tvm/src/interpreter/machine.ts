// One instance of the kernel with its memory: runs one call or creation at a time, and whatever frames that takes.
import { type Address, assert, EMPTY_BYTES } from "@festina/primitives";
import type { BlockContext } from "../blockContext.ts";
import { CompiledCodes, type LinkModule } from "../compiler/compiledCodes.ts";
import { delegationTarget } from "../delegation.ts";
import type { EngineCall, EngineOutcome } from "../engine.ts";
import type { StateView } from "../ports.ts";
import { CODE_ROOM_BYTES, CodeStore } from "./codeStore.ts";
import { type Ending, HALT_OF, halt } from "./ending.ts";
import { FrameStack, type Request } from "./frameStack.ts";
import { type CurrentRun, createHost } from "./host.ts";
import { type InstantiateKernel, type KernelExports, KernelMemory, STATUS } from "./kernel.ts";
import type { Precompiles } from "./precompilePort.ts";
import { readCall, readCreation } from "./requests.ts";
import { RunState } from "./runState.ts";
import { selfDestruct } from "./selfDestruct.ts";

/** Return data is kept here between two calls; a longer one makes the run fail over to the next engine. */
const RETURN_ROOM_BYTES = 32 * 1024 * 1024;
const INPUT_ROOM_BYTES = 4 * 1024 * 1024;
const WORD_BYTES = 32;
/** Without blobs the price of their gas stays at its minimum (EIP-7516). */
const BLOB_BASE_FEE_WEI = 1n;
/** Gas is a number here. */
const GAS_MAX = 2n ** 52n;

export interface MachineOptions {
  /** Every code is compiled before it runs; absent for none. */
  readonly linkModule?: LinkModule;
}

export class Machine {
  readonly #kernel: KernelExports;
  readonly #memory: KernelMemory;
  readonly #codes: CodeStore;
  readonly #frames: FrameStack;
  readonly #inputRoom: number;
  #run: CurrentRun | null = null;

  constructor(instantiate: InstantiateKernel, precompiles: Precompiles, { linkModule }: MachineOptions) {
    this.#kernel = instantiate(
      createHost({
        run: () => this.#current,
        address: () => this.#frames.top.address,
        memory: () => {
          this.#memory.refresh();
          return this.#memory;
        },
      }),
    );
    this.#memory = new KernelMemory(this.#kernel);
    const stacks = this.#kernel.freePointer();
    const returnRoom = stacks + this.#kernel.stackBytesMax() + WORD_BYTES;
    this.#inputRoom = returnRoom + RETURN_ROOM_BYTES;
    const codeRoom = this.#inputRoom + INPUT_ROOM_BYTES;
    const memoryBase = codeRoom + CODE_ROOM_BYTES;
    this.#memory.reach(memoryBase);
    this.#codes = new CodeStore(
      this.#memory,
      codeRoom,
      linkModule === undefined ? null : new CompiledCodes(this.#kernel, linkModule),
    );
    this.#frames = new FrameStack({
      kernel: this.#kernel,
      memory: this.#memory,
      codes: this.#codes,
      precompiles,
      run: () => this.#current,
      rooms: { stacks, returnRoom, returnRoomBytes: RETURN_ROOM_BYTES, memoryBase },
    });
  }

  get #current(): CurrentRun {
    assert(this.#run !== null, "state is asked for within a run");
    return this.#run;
  }

  /** @throws RangeError when the run needs more room than there is; the view is then as before */
  async run(call: EngineCall, view: StateView, block: BlockContext): Promise<EngineOutcome> {
    if (call.gasLimit > GAS_MAX) throw new RangeError(`gas limit ${call.gasLimit} is above 2^52`);
    if (call.data.length > INPUT_ROOM_BYTES) throw new RangeError(`${call.data.length} bytes of input`);
    const state = new RunState();
    this.#run = { view, block, state };
    this.#codes.tidy();
    this.#prepare(call, view, block, state);
    try {
      const created = call.to === null ? this.#frames.addressOfNext(call.caller) : null;
      const ending = await this.#execute(call, created);
      return describe(ending, state, created);
    } finally {
      this.#frames.abandon(view);
      this.#run = null;
    }
  }

  #prepare(call: EngineCall, view: StateView, block: BlockContext, state: RunState): void {
    for (const address of call.warmAddresses) state.warmFromStart(address);
    for (const { address, storageKeys } of call.accessList) {
      state.warmFromStart(address);
      for (const key of storageKeys) {
        const slot = BigInt(key);
        state.warmSlotFromStart(address, slot, view.getStorage(address, slot));
      }
    }
    const context = [
      BigInt(call.origin),
      call.gasPriceWei,
      BigInt(block.coinbase),
      BigInt(block.timestamp),
      BigInt(block.number),
      BigInt(block.prevRandao),
      block.gasLimit,
      block.chainId,
      block.baseFeePerGasWei,
      BLOB_BASE_FEE_WEI,
    ];
    this.#memory.refresh();
    const at = this.#kernel.contextPointer();
    for (const [index, word] of context.entries()) this.#memory.setWord(at + index * WORD_BYTES, word);
    this.#memory.write(this.#inputRoom, call.data);
  }

  async #execute(call: EngineCall, created: Address | null): Promise<Ending> {
    const first = await this.#frames.enter(this.#requestOf(call, created));
    if (first !== null) return first;
    for (;;) {
      const ending = this.#step();
      if (ending instanceof Promise) await ending;
      else if (ending !== undefined) return ending;
    }
  }

  #requestOf(call: EngineCall, created: Address | null): Request {
    const { view, state } = this.#current;
    const shared = {
      gas: Number(call.gasLimit),
      caller: call.caller,
      valueWei: call.valueWei,
      isStatic: call.isStatic,
      outputAt: 0,
      outputMax: 0,
      resultAt: null,
    };
    if (created !== null) {
      state.warmFromStart(created);
      return { ...shared, kind: "creation", address: created, initCode: call.data };
    }
    const to = call.to as Address;
    const target = delegationTarget(view.getCode(to));
    if (target !== null) state.warmFromStart(target);
    return {
      ...shared,
      kind: "call",
      address: to,
      codeAddress: target ?? to,
      isDelegated: target !== null,
      movesValue: true,
      inputAt: this.#inputRoom,
      inputLength: call.data.length,
    };
  }

  /** Runs the newest frame until something is to be done for it, and does it. @returns the run's ending, at the end */
  #step(): Ending | Promise<void> | undefined {
    const frame = this.#memory.frame(this.#frames.depth);
    const { runner } = this.#frames.top;
    const status = runner === null ? this.#kernel.run(this.#frames.depth) : runner(frame);
    this.#memory.refresh();
    const run = this.#current;
    switch (status) {
      case STATUS.call: {
        const request = readCall(this.#memory, frame, run, this.#frames.top.address);
        return request === null ? this.#frames.leave(halt("OUT_OF_GAS")) : this.#frames.ask(request);
      }
      case STATUS.create: {
        const request = readCreation(this.#memory, frame, run, this.#frames);
        return request === null ? this.#frames.leave(halt("OUT_OF_GAS")) : this.#frames.ask(request);
      }
      case STATUS.selfDestruct:
        return this.#frames.leave(selfDestruct(this.#memory, frame, run, this.#frames.top.address));
      case STATUS.stop:
      case STATUS.return:
      case STATUS.revert:
        return this.#frames.leave({
          kind: status === STATUS.revert ? "revert" : "success",
          gasLeft: this.#memory.gas(frame),
          output: status === STATUS.stop ? EMPTY_BYTES : this.#memory.output(frame),
        });
      default: {
        const reason = HALT_OF.get(status);
        assert(reason !== undefined, "the kernel answers with a status of its layout");
        return this.#frames.leave(halt(reason));
      }
    }
  }
}

function describe(ending: Ending, state: RunState, created: Address | null): EngineOutcome {
  if (ending.kind === "halt") return ending;
  const gasLeft = BigInt(ending.gasLeft);
  if (ending.kind === "revert") return { kind: "revert", gasLeft, output: ending.output };
  return {
    kind: "success",
    gasLeft,
    gasRefund: BigInt(Math.max(0, state.refund)),
    output: ending.output,
    logs: state.logs,
    createdAddress: created,
    selfDestructed: [...state.selfDestructed],
    burnedWei: state.burnedWei,
    touched: [...state.touched],
  };
}

// One instance of the kernel with its memory: runs one call or creation at a time, and whatever frames that takes.
import { type Address, assert, type Hash32 } from "@festina/primitives";
import { readAccount } from "../account.ts";
import type { BlockContext } from "../blockContext.ts";
import type { CodeLinks } from "../compiler/codeLinks.ts";
import { computeContractAddress } from "../contractAddress.ts";
import type { EngineCall, EngineOutcome } from "../engine.ts";
import { isLate, type MaybeLate } from "../late.ts";
import type { Pace } from "../pace.ts";
import type { StateView } from "../ports.ts";
import type { RuleSet } from "../ruleSet.ts";
import { StateElsewhereError } from "../stateElsewhere.ts";
import { TraceHost } from "../tracing/traceHost.ts";
import type { ExecutionTracer } from "../tracing/tracer.ts";
import { AccountNames } from "./accountNames.ts";
import { applyRules } from "./applyRules.ts";
import { CODE_ROOM_BYTES, CodeStore } from "./codeStore.ts";
import { HALT_OF, STATUS_REVERT } from "./ending.ts";
import {
  CONTEXT_OFFSET,
  ENDING,
  HOT,
  type InstantiateKernel,
  type KernelExports,
  REQUEST,
  RUN_PAUSED,
  RUN_WAITS,
  SPENT,
} from "./kernel.ts";
import { KernelMemory, WORD_BYTES } from "./kernelMemory.ts";
import type { PrecompileResult, Precompiles } from "./precompilePort.ts";
import { settle } from "./settle.ts";
import { type CurrentRun, createStateHost } from "./stateHost.ts";
import { WordTexts } from "./wordTexts.ts";

/** Return data is kept here between two calls; a longer one makes the run fail over to the next engine. */
const RETURN_ROOM_BYTES = 32 * 1024 * 1024;
const INPUT_ROOM_BYTES = 4 * 1024 * 1024;
/** Without blobs the price of their gas stays at its minimum (EIP-7516). */
const BLOB_BASE_FEE_WEI = 1n;
/** Gas is a signed number of 64 bits in the kernel, far from its end. */
const GAS_MAX = 2n ** 52n;

export interface MachineOptions {
  /** The kernel is the build that traces. */
  readonly isTracing?: boolean;
  /** What runs compiled, for a machine with this kernel; absent or `null` for nothing. */
  readonly createLinks?: (kernel: KernelExports, rules: RuleSet) => CodeLinks | null;
  /** Absent for runs that end before anybody else has a turn. */
  readonly pace?: Pace;
}

export class Machine {
  readonly #kernel: KernelExports;
  readonly #memory: KernelMemory;
  readonly #codes: CodeStore;
  readonly #names: AccountNames;
  readonly #hashes: WordTexts<Hash32>;
  readonly #links: CodeLinks | null;
  readonly #precompiles: Precompiles;
  readonly #rules: RuleSet;
  readonly #returnRoom: number;
  readonly #inputRoom: number;
  readonly #trace: TraceHost | null;
  readonly #pace: Pace | null;
  #run: CurrentRun | null = null;
  /** The block whose words the kernel has. */
  #contextOf: BlockContext | null = null;

  constructor(
    instantiate: InstantiateKernel,
    precompiles: Precompiles,
    rules: RuleSet,
    { createLinks, isTracing, pace }: MachineOptions,
  ) {
    this.#pace = pace ?? null;
    this.#precompiles = precompiles;
    this.#rules = rules;
    const memory = (): KernelMemory => {
      this.#memory.refresh();
      return this.#memory;
    };
    this.#trace =
      isTracing === true
        ? new TraceHost({ kernel: () => this.#kernel, memory, returnRoom: () => this.#returnRoom })
        : null;
    const host = createStateHost({
      run: () => this.#current,
      codes: () => this.#codes,
      names: () => this.#names,
      memory,
    });
    this.#kernel = instantiate({ ...host, ...this.#trace?.imports });
    this.#memory = new KernelMemory(this.#kernel);
    this.#names = new AccountNames(this.#kernel, memory);
    this.#hashes = new WordTexts(memory, (at) => memory().hash(at));
    applyRules(rules, this.#kernel, this.#memory);
    const stacks = this.#kernel.freePointer();
    this.#returnRoom = stacks + this.#kernel.stackBytesMax() + WORD_BYTES;
    this.#inputRoom = this.#returnRoom + RETURN_ROOM_BYTES;
    const codeRoom = this.#inputRoom + INPUT_ROOM_BYTES;
    const memoryBase = codeRoom + CODE_ROOM_BYTES;
    this.#memory.reach(memoryBase);
    this.#links = createLinks?.(this.#kernel, rules) ?? null;
    this.#kernel.leaveInitCode(this.#links?.compilesInitCode === true ? 1 : 0);
    this.#codes = new CodeStore(this.#kernel, this.#memory, codeRoom, this.#links);
    this.#kernel.setRooms(stacks, this.#returnRoom, RETURN_ROOM_BYTES, memoryBase);
    this.#kernel.setSlice(pace?.sliceGas ?? 0n);
  }

  /** It has linked so much code that the next run should begin with a new one. */
  get isWornOut(): boolean {
    return this.#links?.isFull ?? false;
  }

  get #current(): CurrentRun {
    assert(this.#run !== null, "state is asked for within a run");
    return this.#run;
  }

  /**
   * At once, unless a precompiled contract or the pace has to be waited for.
   *
   * @throws RangeError when the run needs more room than there is; the view is then as before
   */
  run(
    call: EngineCall,
    view: StateView,
    block: BlockContext,
    tracer: ExecutionTracer | null = null,
  ): MaybeLate<EngineOutcome> {
    try {
      const created = this.#prepare(call, view, block, tracer);
      let state = this.#kernel.begin();
      while (state === RUN_WAITS || state === RUN_PAUSED) {
        const next = this.#goOn(state);
        if (isLate(next)) return this.#runLate(next, view, created);
        state = next;
      }
      return this.#end(view, created);
    } catch (error) {
      if (!(error instanceof StateElsewhereError)) this.#links?.noteFault();
      throw error;
    }
  }

  /** From the first time on that somebody has to be waited for. */
  async #runLate(first: Promise<number>, view: StateView, created: Address | null): Promise<EngineOutcome> {
    try {
      let state = await first;
      while (state === RUN_WAITS || state === RUN_PAUSED) {
        const next = this.#goOn(state);
        state = isLate(next) ? await next : next;
      }
      return this.#end(view, created);
    } catch (error) {
      if (!(error instanceof StateElsewhereError)) this.#links?.noteFault();
      throw error;
    }
  }

  /** @returns where a creation goes */
  #prepare(call: EngineCall, view: StateView, block: BlockContext, tracer: ExecutionTracer | null): Address | null {
    if (call.gasLimit > GAS_MAX) throw new RangeError(`gas limit ${call.gasLimit} is above 2^52`);
    if (call.data.length > INPUT_ROOM_BYTES) throw new RangeError(`${call.data.length} bytes of input`);
    this.#run = { view, block };
    this.#codes.tidy();
    this.#memory.refresh();
    this.#kernel.prepare();
    this.#names.forget();
    this.#setContext(call, block);
    const created = this.#request(call, view);
    this.#warm(call, block);
    this.#warmRequest(created);
    this.#trace?.begin(tracer, call, created);
    return created;
  }

  /** After a pause, or with what a precompiled contract answers. @returns what the kernel answers then */
  #goOn(state: number): MaybeLate<number> {
    const result = state === RUN_WAITS ? this.#runPrecompile() : undefined;
    if (isLate(result)) return this.#restAndGoOn(result);
    const rest = this.#pace?.rest() ?? null;
    return rest === null ? this.#resume(result) : rest.then(() => this.#resume(result));
  }

  async #restAndGoOn(late: Promise<PrecompileResult>): Promise<number> {
    const result = await late;
    const rest = this.#pace?.rest() ?? null;
    if (rest !== null) await rest;
    return this.#resume(result);
  }

  #end(view: StateView, created: Address | null): EngineOutcome {
    this.#memory.refresh();
    const outcome = this.#outcome(view, created);
    this.#run = null;
    if (this.#links !== null) this.#report(this.#links);
    return outcome;
  }

  /** What the kernel has counted: gas, and codes that became hot. */
  #report(links: CodeLinks): void {
    const memory = this.#memory;
    const spent = this.#kernel.spentPointer();
    links.noteGas(memory.integer(spent + SPENT.interpreted), memory.integer(spent + SPENT.compiled));
    memory.setU64(spent + SPENT.interpreted, 0n);
    memory.setU64(spent + SPENT.compiled, 0n);
    const hot = this.#kernel.hotPointer();
    const count = memory.u32(hot + HOT.count);
    if (count > 0) this.#codes.noteHot(Array.from({ length: count }, (_, i) => memory.u32(hot + HOT.codes + 4 * i)));
  }

  /** Contexts do not change, and a block has one for all of its transactions. */
  #setContext(call: EngineCall, block: BlockContext): void {
    const memory = this.#memory;
    const at = this.#kernel.contextPointer();
    memory.setAddress(at + CONTEXT_OFFSET.origin, call.origin);
    memory.setWord(at + CONTEXT_OFFSET.gasPrice, call.gasPriceWei);
    if (this.#contextOf === block) return;
    memory.setAddress(at + CONTEXT_OFFSET.coinbase, block.coinbase);
    memory.setWord(at + CONTEXT_OFFSET.timestamp, BigInt(block.timestamp));
    memory.setWord(at + CONTEXT_OFFSET.number, BigInt(block.number));
    memory.setHash(at + CONTEXT_OFFSET.prevRandao, block.prevRandao);
    memory.setWord(at + CONTEXT_OFFSET.gasLimit, block.gasLimit);
    memory.setWord(at + CONTEXT_OFFSET.chainId, block.chainId);
    memory.setWord(at + CONTEXT_OFFSET.baseFee, block.baseFeePerGasWei);
    memory.setWord(at + CONTEXT_OFFSET.blobBaseFee, BLOB_BASE_FEE_WEI);
    this.#contextOf = block;
  }

  #warmOne(address: Address, at: number): void {
    this.#names.give(this.#kernel.warmAccount(at), address);
  }

  /** Where an address lies in the kernel's memory; many a text has been read already. */
  #placeOf(address: Address, call: EngineCall, block: BlockContext): number {
    if (address === call.origin) return this.#kernel.contextPointer() + CONTEXT_OFFSET.origin;
    if (address === call.to) return this.#kernel.requestPointer() + REQUEST.address;
    if (address === block.coinbase) return this.#kernel.contextPointer() + CONTEXT_OFFSET.coinbase;
    const scratch = this.#kernel.scratchPointer();
    this.#memory.setAddress(scratch, address);
    return scratch;
  }

  #warm(call: EngineCall, block: BlockContext): void {
    const { warmAddresses, accessList } = call;
    for (const address of warmAddresses) this.#warmOne(address, this.#placeOf(address, call, block));
    const scratch = this.#kernel.scratchPointer();
    for (const { address, storageKeys } of accessList) {
      this.#memory.setAddress(scratch, address);
      this.#warmOne(address, scratch);
      for (const key of storageKeys) {
        this.#memory.setHash(scratch + WORD_BYTES, key);
        this.#kernel.warmSlot(scratch, scratch + WORD_BYTES);
      }
    }
  }

  /** Writes down what the run begins with. @returns where a creation goes */
  #request(call: EngineCall, view: StateView): Address | null {
    const memory = this.#memory;
    const at = this.#kernel.requestPointer();
    const created =
      call.to === null ? computeContractAddress(call.caller, readAccount(view, call.caller).nonce - 1n) : null;
    const address = created ?? (call.to as Address);
    memory.write(this.#inputRoom, call.data);
    memory.setU64(at + REQUEST.gas, call.gasLimit);
    memory.setAddress(at + REQUEST.address, address);
    memory.copyWord(at + REQUEST.codeAddress, at + REQUEST.address);
    if (call.caller !== call.origin) memory.setAddress(at + REQUEST.caller, call.caller);
    else memory.copyWord(at + REQUEST.caller, this.#kernel.contextPointer() + CONTEXT_OFFSET.origin);
    memory.setWord(at + REQUEST.value, call.valueWei);
    memory.setU32(at + REQUEST.input, this.#inputRoom);
    memory.setU32(at + REQUEST.inputLength, call.data.length);
    memory.setU32(at + REQUEST.wanted, this.#inputRoom);
    memory.setU32(at + REQUEST.wantedLength, 0);
    memory.setU32(at + REQUEST.result, 0);
    memory.setU32(at + REQUEST.isStatic, call.isStatic ? 1 : 0);
    memory.setU32(at + REQUEST.isCreation, created === null ? 0 : 1);
    memory.setU32(at + REQUEST.movesValue, 1);
    return created;
  }

  /** Who is called, and whose code runs for it, are warm; so is the new contract. */
  #warmRequest(created: Address | null): void {
    const memory = this.#memory;
    const at = this.#kernel.requestPointer();
    const isDelegated =
      created === null && this.#kernel.delegateAt(at + REQUEST.address, at + REQUEST.codeAddress) !== 0;
    memory.setU32(at + REQUEST.isDelegated, isDelegated ? 1 : 0);
    if (isDelegated) this.#kernel.warmAccount(at + REQUEST.codeAddress);
    if (created !== null) this.#kernel.warmAccount(at + REQUEST.address);
  }

  /** At once where the library answers at once. */
  #runPrecompile(): MaybeLate<PrecompileResult> {
    const memory = this.#memory;
    memory.refresh();
    const at = this.#kernel.requestPointer();
    const input = memory.read(memory.u32(at + REQUEST.input), memory.u32(at + REQUEST.inputLength));
    const called = memory.address(at + REQUEST.codeAddress);
    const address = this.#rules.movedPrecompiles?.get(called) ?? called;
    return this.#precompiles.run(address, input, memory.u64(at + REQUEST.gas), this.#rules.name);
  }

  /** `undefined` after a pause. @returns what the kernel answers when it has gone on */
  #resume(result: PrecompileResult | undefined): number {
    if (result === undefined) return this.#kernel.goOn();
    if (result === null) return this.#kernel.resume(0, 0n, this.#returnRoom, 0);
    if (result.output.length > RETURN_ROOM_BYTES) throw new RangeError(`${result.output.length} bytes of return data`);
    this.#memory.write(this.#returnRoom, result.output);
    return this.#kernel.resume(1, result.gasUsed, this.#returnRoom, result.output.length);
  }

  #outcome(view: StateView, createdAddress: Address | null): EngineOutcome {
    const memory = this.#memory;
    const at = this.#kernel.endingPointer();
    const status = memory.u32(at + ENDING.status);
    const gasLeft = memory.u64(at + ENDING.gas);
    const output = memory.read(memory.u32(at + ENDING.output), memory.u32(at + ENDING.length));
    if (status === STATUS_REVERT) return { kind: "revert", gasLeft, output };
    if (status > STATUS_REVERT) {
      const reason = HALT_OF.get(status);
      assert(reason !== undefined, "the kernel answers with a status of its layout");
      return { kind: "halt", reason };
    }
    const refund = this.#kernel.refund();
    view.checkpoint();
    const traces = settle({ kernel: this.#kernel, memory, view, names: this.#names, hashes: this.#hashes });
    view.commit();
    return {
      kind: "success",
      gasLeft,
      gasRefund: refund < 0n ? 0n : refund,
      output,
      createdAddress,
      burnedWei: memory.word(this.#kernel.burnedPointer()),
      ...traces,
    };
  }
}

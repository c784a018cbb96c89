// `eth_simulateV1`: blocks that never were, one after the other on the state after a committed block.
import type { ChainSpec } from "@festina/chainspec";
import { FEE_POT } from "@festina/contracts";
import { keccakHash, type RecoverPublicKey } from "@festina/crypto";
import { computeNextBaseFee, type HybridState, toBlockContext, writeRings } from "@festina/fastchain";
import { type Clock, fail, maxBigint, minBigint, ok, type Result } from "@festina/primitives";
import type {
  BlockOverrides,
  BlockSimulator,
  CallOverrides,
  ExecutedTransaction,
  SimulatedBlock,
  SimulatedBlockRequest,
  SimulatedCallResult,
  SimulatedTransactionRequest,
  SimulationFailureCode,
  SimulationRequest,
} from "@festina/rpc";
import { NO_OVERRIDES } from "@festina/rpc";
import type { StateStore, WorldState } from "@festina/state";
import {
  type BlockContext,
  type Engine,
  EngineFaultError,
  executeTransaction,
  readAccount,
  type TracingEngine,
  TransferTracer,
} from "@festina/tvm";
import {
  computeListRoot,
  computeLogsBloom,
  encodeExtraData,
  encodeReceipt,
  encodeTransaction,
  type FastHeader,
  hashFastHeader,
  hashHybridRequests,
  mergeBlooms,
  NO_REQUESTS,
  type RecoveredTransaction,
  type TransactionFields,
} from "@festina/types";
import type { CommittedChain } from "../chain/committedChain.ts";
import { applyAccounts, movePrecompiles } from "./applyOverrides.ts";
import { CALL_GAS_MAX, reasonOf } from "./callEnvironment.ts";
import { limitTracer, TraceLimitError } from "./watch.ts";

export interface BlockSimulatorOptions {
  readonly spec: ChainSpec;
  readonly committed: CommittedChain;
  readonly states: StateStore;
  readonly engine: Engine;
  readonly recoverPublicKey: RecoverPublicKey;
  /** For movements of coins; `null` where nothing can be watched. */
  readonly loadTracing: (() => Promise<TracingEngine>) | null;
  readonly clock: Clock;
}

/** As many as BLOCKHASH looks back; those that lie between two with calls included. */
const BLOCKS_MAX = 256;
/** Between calls the simulation can be stopped, and within those that are watched. */
const TIMEOUT_MS = 5_000;
const NONCE_MAX = 2n ** 64n - 1n;
const UNSIGNED = { r: 0n, s: 0n, yParity: 0 } as const;

type Simulated<T> = Result<T, SimulationFailureCode>;

export function createBlockSimulator(options: BlockSimulatorOptions): BlockSimulator {
  let loading: Promise<TracingEngine> | null = null;
  return {
    run: async (request, number) => {
      const state = options.committed.hybridState(number);
      const view = state === undefined ? undefined : options.states.openAt(state.header.stateRoot);
      if (state === undefined || view === undefined) return undefined;
      let tracing: TracingEngine | null = null;
      if (request.tracesTransfers) {
        if (options.loadTracing === null) return fail("SIMULATION_UNAVAILABLE", "this node does not trace");
        loading ??= options.loadTracing();
        tracing = await loading;
      }
      return new Simulation(options, request, state, view, tracing).run();
    },
  };
}

/** One request's run: the state as its blocks leave it. */
class Simulation {
  readonly #options: BlockSimulatorOptions;
  readonly #request: SimulationRequest;
  readonly #base: HybridState;
  readonly #view: WorldState;
  readonly #tracing: TracingEngine | null;
  readonly #endMs: number;
  readonly #hashes = new Map<number, FastHeader["parentHash"]>();
  #parent: Pick<FastHeader, "number" | "timestamp" | "gasLimit" | "gasUsed" | "baseFeePerGasWei">;
  #parentHash: FastHeader["parentHash"];
  #gasLeft = CALL_GAS_MAX;

  constructor(
    options: BlockSimulatorOptions,
    request: SimulationRequest,
    base: HybridState,
    view: WorldState,
    tracing: TracingEngine | null,
  ) {
    this.#options = options;
    this.#request = request;
    this.#base = base;
    this.#view = view;
    this.#tracing = tracing;
    this.#endMs = options.clock.nowMs() + TIMEOUT_MS;
    this.#parent = base.header;
    this.#parentHash = base.hash;
  }

  async run(): Promise<Simulated<readonly SimulatedBlock[]>> {
    const planned = planBlocks(this.#request.blocks, this.#base.header);
    if (!planned.ok) return planned;
    const blocks: SimulatedBlock[] = [];
    try {
      for (const block of planned.value) {
        const simulated = await this.#simulate(block);
        if (!simulated.ok) return simulated;
        blocks.push(simulated.value);
      }
    } catch (error) {
      if (error instanceof EngineFaultError && error.cause instanceof TraceLimitError)
        return fail("SIMULATION_TIMEOUT", error.cause.message);
      throw error;
    }
    return ok(blocks);
  }

  #contextOf(wanted: BlockOverrides): BlockContext {
    const { spec, committed } = this.#options;
    const { header } = this.#base;
    const hasTarget = this.#parent.gasLimit >= spec.baseFeeElasticity;
    const nextWei = hasTarget ? computeNextBaseFee(this.#parent, spec) : this.#parent.baseFeePerGasWei;
    const terms = {
      number: this.#parent.number + 1,
      timestamp: this.#parent.timestamp + 1,
      gasLimit: header.gasLimit,
      coinbase: header.coinbase,
      beacon: header.beacon,
      // Without validation gas is free, so that calls need not name a price.
      baseFeePerGasWei: this.#request.isValidated ? nextWei : 0n,
    };
    const ancestry = {
      hashOf: (number: number) => this.#hashes.get(number) ?? committed.hashOf(number),
      timeMsOf: (number: number) => committed.timeMsOf(number),
    };
    return { ...toBlockContext(terms, spec, ancestry), ...wanted };
  }

  async #simulate({ overrides, calls }: SimulatedBlockRequest): Promise<Simulated<SimulatedBlock>> {
    const block = movePrecompiles(this.#contextOf(overrides.block), overrides.accounts);
    const { snailPointer } = this.#base.header;
    applyAccounts(this.#view, overrides.accounts);
    writeRings(this.#view, block.number, block.timestamp, this.#parentHash, snailPointer);
    const results: SimulatedCallResult[] = [];
    const transactions: ExecutedTransaction[] = [];
    let gasUsed = 0n;
    for (const call of calls) {
      const done = await this.#execute(call, block, gasUsed);
      if (!done.ok) return done;
      results.push(done.value.result);
      transactions.push(done.value.executed);
      gasUsed = done.value.executed.cumulativeGasUsed;
    }
    const record = this.#seal(block, transactions, gasUsed);
    return ok({ record, calls: results });
  }

  async #execute(
    call: SimulatedTransactionRequest,
    block: BlockContext,
    gasBefore: bigint,
  ): Promise<Simulated<{ readonly result: SimulatedCallResult; readonly executed: ExecutedTransaction }>> {
    const { engine, recoverPublicKey, clock } = this.#options;
    const rest = engine.pace?.rest() ?? null;
    if (rest !== null) await rest;
    if (clock.nowMs() > this.#endMs) return fail("SIMULATION_TIMEOUT", "execution timeout");
    const gasAvailable = maxBigint(block.gasLimit - gasBefore, 0n);
    const prepared = this.#prepare(call, block, gasAvailable);
    if (!prepared.ok) return prepared;
    const transaction = prepared.value;
    const tracer = new TransferTracer();
    const watched = limitTracer(tracer, () => tracer.isTooLarge, clock, this.#endMs);
    const outcome = await executeTransaction({
      ...{ transaction, view: this.#view, block, recoverPublicKey, feePot: FEE_POT, gasAvailable },
      engine: this.#tracing === null ? engine : this.#tracing.on(watched),
      checks: this.#request.isValidated ? "accounts" : "funds",
    });
    if (!outcome.ok) return outcome;
    const { failure, output, gasUsed, gasUsedMax, logs, ...effect } = outcome.value;
    this.#gasLeft -= gasUsed;
    const told = failure?.kind === "halt" ? { kind: failure.kind, reason: reasonOf(failure) } : failure;
    const shownLogs = this.#tracing === null ? logs : tracer.logs;
    return ok({
      result: { output, gasUsed, gasUsedMax, logs: shownLogs, failure: told },
      executed: {
        ...{ transaction, sender: call.from, succeeded: effect.succeeded, gasUsed, logs },
        cumulativeGasUsed: gasBefore + gasUsed,
        effectiveGasPriceWei: effect.effectiveGasPriceWei,
        createdAddress: effect.createdAddress,
        logsBloom: computeLogsBloom(logs),
      },
    });
  }

  #prepare(
    call: SimulatedTransactionRequest,
    block: BlockContext,
    gasAvailable: bigint,
  ): Simulated<RecoveredTransaction> {
    const held = readAccount(this.#view, call.from).nonce;
    if (held >= NONCE_MAX) return fail("TX_NONCE_MAX", "the sender's nonce is 2^64 - 1");
    const asked = call.gas ?? gasAvailable;
    if (asked > gasAvailable)
      return fail("TX_GAS_ABOVE_BLOCK", `block gas limit reached: ${asked} is above the remaining ${gasAvailable}`);
    if (this.#gasLeft === 0n) return fail("SIMULATION_LIMIT", `all calls together may use ${CALL_GAS_MAX} gas`);
    const fields: TransactionFields = {
      type: call.type,
      chainId: block.chainId,
      nonce: call.nonce ?? held,
      maxFeePerGasWei: call.gasPriceWei,
      maxPriorityFeePerGasWei: call.maxPriorityFeePerGasWei,
      gasLimit: minBigint(asked, this.#gasLeft),
      to: call.to,
      valueWei: call.valueWei,
      data: call.data,
      accessList: call.accessList,
      authorizations: call.authorizations ?? [],
      sponsorship: null,
    };
    const encoded = encodeTransaction(fields, UNSIGNED, null);
    const signature = { signature: UNSIGNED, payerSignature: null };
    return ok({ ...fields, ...signature, encoded, hash: keccakHash(encoded), sender: call.from });
  }

  /** Names the block by the roots that its transactions lead to. */
  #seal(block: BlockContext, transactions: readonly ExecutedTransaction[], gasUsed: bigint): SimulatedBlock["record"] {
    const { header: base, committee } = this.#base;
    const receipts = transactions.map((executed) => encodeReceipt({ ...executed, type: executed.transaction.type }));
    const { number, timestamp, gasLimit, coinbase, baseFeePerGasWei } = block;
    const header: FastHeader = {
      ...{ number, timestamp, gasLimit, gasUsed, coinbase, baseFeePerGasWei },
      parentHash: this.#parentHash,
      stateRoot: this.#options.states.rootAfter(base.stateRoot, this.#view),
      transactionsRoot: computeListRoot(transactions.map(({ transaction }) => transaction.encoded)),
      receiptsRoot: computeListRoot(receipts),
      logsBloom: mergeBlooms(transactions.map(({ logsBloom }) => logsBloom)),
      extraData: encodeExtraData({ epoch: committee.epoch, view: 0, milliseconds: 0 }),
      beacon: block.prevRandao,
      snailPointer: base.snailPointer,
      requestsHash: hashHybridRequests(NO_REQUESTS),
    };
    const hash = hashFastHeader(header);
    this.#hashes.set(number, hash);
    this.#parent = header;
    this.#parentHash = hash;
    const list = transactions.map(({ transaction }) => transaction);
    return { block: { header, hash, transactions: list, requests: NO_REQUESTS }, transactions };
  }
}

/** The blocks with those between them, which are empty. Their numbers rise, their times do not fall. */
function planBlocks(
  blocks: readonly SimulatedBlockRequest[],
  base: Pick<FastHeader, "number" | "timestamp">,
): Simulated<readonly SimulatedBlockRequest[]> {
  const planned: SimulatedBlockRequest[] = [];
  let { number, timestamp } = base;
  for (const { overrides, calls } of blocks) {
    const wanted = overrides.block.number ?? number + 1;
    if (wanted <= number)
      return fail("SIMULATION_NUMBER", `block numbers must be in order: ${wanted} does not follow ${number}`);
    if (wanted - base.number > BLOCKS_MAX)
      return fail("SIMULATION_LIMIT", `too many blocks: ${wanted - base.number} > ${BLOCKS_MAX}`);
    for (number += 1; number < wanted; number++) {
      timestamp += 1;
      planned.push({ overrides: withTime(NO_OVERRIDES, number, timestamp), calls: [] });
    }
    const time = overrides.block.timestamp ?? timestamp + 1;
    if (time < timestamp)
      return fail("SIMULATION_TIME", `block timestamps must be in order: ${time} is before ${timestamp}`);
    timestamp = time;
    planned.push({ overrides: withTime(overrides, number, timestamp), calls });
  }
  return ok(planned);
}

const withTime = (overrides: CallOverrides, number: number, timestamp: number): CallOverrides => ({
  ...overrides,
  block: { ...overrides.block, number, timestamp },
});

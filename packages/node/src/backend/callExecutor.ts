import type { ChainSpec } from "@festina/chainspec";
import type { RecoverPublicKey } from "@festina/crypto";
import { computeNextBaseFee, toBlockContext } from "@festina/fastchain";
import { minBigint } from "@festina/primitives";
import type { CallExecutor, CallOutcome, CallRequest } from "@festina/rpc";
import type { StateStore, WorldState } from "@festina/state";
import {
  type BlockContext,
  type Engine,
  type ExecutionFailure,
  estimateGas,
  type SimulatedCall,
  simulateCall,
  TRANSACTION_GAS_MAX,
} from "@festina/tvm";
import type { CommittedChain } from "../chain/committedChain.ts";

export interface CallExecutorOptions {
  readonly spec: ChainSpec;
  readonly committed: CommittedChain;
  readonly states: StateStore;
  readonly engine: Engine;
  readonly recoverPublicKey: RecoverPublicKey;
}

export interface CallEnvironment {
  readonly view: WorldState;
  readonly block: BlockContext;
}

/** No call may hold the node longer than this much gas. */
const CALL_GAS_MAX = 50_000_000n;

export function toCall(request: CallRequest, gasMax: bigint): SimulatedCall {
  const { from, to, data, valueWei, gasPriceWei, accessList } = request;
  const gasLimit = minBigint(request.gas ?? gasMax, gasMax);
  return { from, to, data, valueWei, gasPriceWei, accessList, gasLimit, authorizations: [] };
}

function failed(failure: ExecutionFailure, gasUsed: bigint): CallOutcome {
  if (failure.kind === "revert") return { kind: "revert", output: failure.output, gasUsed };
  return { kind: "halt", reason: failure.reason.toLowerCase().replaceAll("_", " "), gasUsed };
}

/** The state after a committed block, and the block that would follow; `undefined` when that state is not kept. */
export function createEnvironments({
  spec,
  committed,
  states,
}: Pick<CallExecutorOptions, "spec" | "committed" | "states">): (number: number) => CallEnvironment | undefined {
  const ancestry = {
    hashOf: (number: number) => committed.hashOf(number),
    timeMsOf: (number: number) => committed.timeMsOf(number),
  };

  return (number) => {
    const state = committed.hybridState(number);
    const view = state === undefined ? undefined : states.openAt(state.header.stateRoot);
    if (state === undefined || view === undefined) return undefined;
    // As if in the block that follows, so that what contracts see fits a transaction sent now.
    const header = { ...state.header, number: number + 1, baseFeePerGasWei: computeNextBaseFee(state.header, spec) };
    const block: BlockContext = toBlockContext(header, spec, ancestry);
    return { view, block };
  };
}

/** `eth_call` and `eth_estimateGas` on the state after a committed block. */
export function createCallExecutor(options: CallExecutorOptions): CallExecutor {
  const { engine, recoverPublicKey } = options;
  const environmentAt = createEnvironments(options);
  return {
    call: async (request, number) => {
      const environment = environmentAt(number);
      if (environment === undefined) return undefined;
      const result = await simulateCall({
        ...environment,
        call: toCall(request, CALL_GAS_MAX),
        engine,
        recoverPublicKey,
      });
      if (!result.ok) return { kind: "refused", error: result.error };
      const { failure, output, gasUsed } = result.value;
      return failure === null ? { kind: "success", output, gasUsed } : failed(failure, gasUsed);
    },
    estimateGas: async (request, number) => {
      const environment = environmentAt(number);
      if (environment === undefined) return undefined;
      const result = await estimateGas({
        ...environment,
        call: toCall(request, TRANSACTION_GAS_MAX),
        engine,
        recoverPublicKey,
      });
      if (!result.ok) return { kind: "refused", error: result.error };
      if (result.value.kind === "failed") return failed(result.value.failure, result.value.gasLimit);
      return { kind: "success", output: new Uint8Array(0), gasUsed: result.value.gasLimit };
    },
  };
}

// What a call runs on: the state after a committed block, seen from inside that block or from the one that would follow.
import type { ChainSpec } from "@festina/chainspec";
import { type HybridState, hybridTimeMs, toBlockContext } from "@festina/fastchain";
import { type Address, minBigint } from "@festina/primitives";
import { type CallOverrides, type CallPlace, type CallRequest, NO_OVERRIDES } from "@festina/rpc";
import type { StateStore, WorldState } from "@festina/state";
import type { BlockContext, ExecutionFailure, SimulatedCall } from "@festina/tvm";
import type { CommittedChain } from "../chain/committedChain.ts";
import { applyAccounts, movePrecompiles } from "./applyOverrides.ts";

export interface EnvironmentOptions {
  readonly spec: ChainSpec;
  readonly committed: CommittedChain;
  readonly states: StateStore;
  /** When a block on this parent would be, were it made now; Unix milliseconds. */
  readonly nextTimeMs: (parent: HybridState) => number;
  /** What a block on this parent would have as its base fee, were it made now. */
  readonly nextBaseFeeWei: (parent: HybridState) => bigint;
  /** Who would be paid for a block on this parent. */
  readonly nextCoinbase: (parent: HybridState) => Address;
}

/** No call may hold the node longer than this much gas, nor all calls of a simulation together. */
export const CALL_GAS_MAX = 50_000_000n;

export interface CallEnvironment {
  readonly view: WorldState;
  readonly block: BlockContext;
}

export function toCall(request: CallRequest, gasMax: bigint): SimulatedCall {
  const { from, to, data, valueWei, gasPriceWei, accessList, authorizations } = request;
  const gasLimit = minBigint(request.gas ?? gasMax, gasMax);
  return { from, to, data, valueWei, gasPriceWei, accessList, gasLimit, authorizations: authorizations ?? [] };
}

type Halt = Extract<ExecutionFailure, { kind: "halt" }>;

/** Why code stopped, in geth's words where the code's own name differs from them. */
const HALT_TEXTS: Readonly<Partial<Record<Halt["reason"], string>>> = {
  INVALID_JUMP: "invalid jump destination",
  OUT_OF_RANGE: "return data out of bounds",
  STATIC_STATE_CHANGE: "write protection",
  CREATE_COLLISION: "contract address collision",
  CODE_INVALID: "invalid code: must not begin with 0xef",
  CODE_TOO_LARGE: "max code size exceeded",
  INIT_CODE_TOO_LARGE: "max initcode size exceeded",
  INSUFFICIENT_BALANCE: "insufficient balance for transfer",
};

export const reasonOf = ({ reason }: Halt): string => HALT_TEXTS[reason] ?? reason.toLowerCase().replaceAll("_", " ");

/** The state after a committed block, and the block a call on it is in; `undefined` when that state is not kept. */
export type EnvironmentAt = (place: CallPlace, overrides?: CallOverrides) => CallEnvironment | undefined;

/** When a block on this parent would be, were it made now; Unix seconds. */
export function nextTimestamp(parent: HybridState, nextTimeMs: EnvironmentOptions["nextTimeMs"]): number {
  return Math.floor(Math.max(nextTimeMs(parent), hybridTimeMs(parent) + 1) / 1000);
}

export function createEnvironments(options: EnvironmentOptions): EnvironmentAt {
  const { spec, committed, states, nextTimeMs, nextBaseFeeWei, nextCoinbase } = options;
  const ancestry = {
    hashOf: (number: number) => committed.hashOf(number),
    timeMsOf: (number: number) => committed.timeMsOf(number),
  };

  const nextHeader = (parent: HybridState): HybridState["header"] => ({
    ...parent.header,
    number: parent.header.number + 1,
    timestamp: nextTimestamp(parent, nextTimeMs),
    baseFeePerGasWei: nextBaseFeeWei(parent),
    coinbase: nextCoinbase(parent),
  });

  return ({ number, isNext }, overrides = NO_OVERRIDES) => {
    const state = committed.hybridState(number);
    const view = state === undefined ? undefined : states.openAt(state.header.stateRoot);
    if (state === undefined || view === undefined) return undefined;
    const block: BlockContext = toBlockContext(isNext ? nextHeader(state) : state.header, spec, ancestry);
    applyAccounts(view, overrides.accounts);
    return { view, block: movePrecompiles({ ...block, ...overrides.block }, overrides.accounts) };
  };
}

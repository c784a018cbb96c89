// What `eth_simulateV1` needs from the node: blocks that never were, run one after the other.
import type { Result } from "@festina/primitives";
import type { Log, TransactionType } from "@festina/types";
import type { CallOverrides } from "./overrides.ts";
import type { BlockRecord, CallRequest, RevertOrHalt } from "./ports.ts";

/** A call whose prices and nonce matter. */
export interface SimulatedTransactionRequest extends CallRequest {
  readonly type: TransactionType;
  /** `null`: the sender's next. */
  readonly nonce: bigint | null;
  readonly maxPriorityFeePerGasWei: bigint;
}

export interface SimulatedBlockRequest {
  readonly overrides: CallOverrides;
  readonly calls: readonly SimulatedTransactionRequest[];
}

export interface SimulationRequest {
  readonly blocks: readonly SimulatedBlockRequest[];
  /** Nonces, fees and balances must be as for real transactions. Otherwise only what is paid must be there. */
  readonly isValidated: boolean;
  /** Movements of coins are shown as logs. */
  readonly tracesTransfers: boolean;
}

export interface SimulatedCallResult {
  readonly output: Uint8Array;
  readonly gasUsed: bigint;
  /** Before refunds. */
  readonly gasUsedMax: bigint;
  /** Movements of coins too, if they were asked for. */
  readonly logs: readonly Log[];
  readonly failure: RevertOrHalt | null;
}

export interface SimulatedBlock {
  readonly record: BlockRecord;
  readonly calls: readonly SimulatedCallResult[];
}

export type SimulationFailureCode =
  /** Of blocks whose number or time does not follow. */
  | "SIMULATION_NUMBER"
  | "SIMULATION_TIME"
  /** Blocks, gas or size beyond what the node gives. */
  | "SIMULATION_LIMIT"
  | "SIMULATION_TIMEOUT"
  | "SIMULATION_UNAVAILABLE"
  /** The call that may not stand in its block, by the rules' own code. */
  | `TX_${string}`;

export interface BlockSimulator {
  /** On the state after a committed block; `undefined` when that is not kept. */
  run(
    request: SimulationRequest,
    number: number,
  ): Promise<Result<readonly SimulatedBlock[], SimulationFailureCode> | undefined>;
}

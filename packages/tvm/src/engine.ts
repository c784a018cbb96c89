import type { Address } from "@festina/primitives";
import type { AccessListEntry, Log } from "@festina/types";
import type { BlockContext } from "./blockContext.ts";
import type { CompilerStatus } from "./compiler/hotCodes.ts";
import type { MaybeLate } from "./late.ts";
import type { Pace } from "./pace.ts";
import type { StateView } from "./ports.ts";

/** The port behind which the engines run bytecode. All engines give the same answer, bit for bit, for the same call. */

export interface EngineCall {
  readonly caller: Address;
  /** The account that signed the transaction; contracts read it as ORIGIN. */
  readonly origin: Address;
  /** `null` creates a contract; the caller's nonce is already raised, the address follows from the nonce before. */
  readonly to: Address | null;
  /** Moved from caller to recipient by the engine. The executor has made sure that the caller's balance covers it. */
  readonly valueWei: bigint;
  /** Call data, or the init code of a creation. */
  readonly data: Uint8Array;
  /** What is left after intrinsic gas. */
  readonly gasLimit: bigint;
  readonly gasPriceWei: bigint;
  readonly isStatic: boolean;
  /** Warm from the start (EIP-2929), besides the precompiled contracts of the block's rules. A delegation target of `to` is warmed by the engine. */
  readonly warmAddresses: readonly Address[];
  /** Addresses and slots warm from the start. */
  readonly accessList: readonly AccessListEntry[];
}

/** Why code stopped without REVERT. All gas is gone then. */
export type HaltReason =
  | "OUT_OF_GAS"
  | "STACK_UNDERFLOW"
  | "STACK_OVERFLOW"
  | "INVALID_JUMP"
  | "INVALID_OPCODE"
  | "OUT_OF_RANGE"
  | "STATIC_STATE_CHANGE"
  | "CREATE_COLLISION"
  | "CODE_INVALID"
  | "CODE_TOO_LARGE"
  | "INIT_CODE_TOO_LARGE"
  | "INSUFFICIENT_BALANCE"
  | "PRECOMPILE_FAILED"
  /** Of balances that a developer or a genesis made so great that they cannot be added. */
  | "BALANCE_OVERFLOW";

export interface EngineSuccess {
  readonly kind: "success";
  readonly gasLeft: bigint;
  /** The refund counter, uncapped, never negative. */
  readonly gasRefund: bigint;
  /** Return data; of a creation the deployed code. */
  readonly output: Uint8Array;
  readonly logs: readonly Log[];
  readonly createdAddress: Address | null;
  /** Accounts that this call both created and destroyed (EIP-6780). The executor removes them. */
  readonly selfDestructed: readonly Address[];
  /** Wei that ceased to exist while the code ran: destroyed accounts that named themselves as beneficiary. */
  readonly burnedWei: bigint;
  /** Among them all accounts called, credited or created that ended empty: the executor removes these (EIP-161). */
  readonly touched: readonly Address[];
}

/** Both failures leave the view as the call found it. */
export interface EngineRevert {
  readonly kind: "revert";
  readonly gasLeft: bigint;
  readonly output: Uint8Array;
}

export interface EngineHalt {
  readonly kind: "halt";
  readonly reason: HaltReason;
}

export type EngineOutcome = EngineSuccess | EngineRevert | EngineHalt;

export interface Engine {
  readonly name: string;
  /**
   * Runs one call or creation, and answers at once where it has to wait for nothing (docs/adr/0055). An exception or a
   * rejection means that the engine itself failed, never that the code did. Either way the view has as many open
   * checkpoints after as before. Several runs may overlap on views that are independent of each other.
   */
  run(call: EngineCall, view: StateView, block: BlockContext): MaybeLate<EngineOutcome>;
  /** Does now what the first run would have to wait for; absent when there is nothing. */
  readonly prepare?: () => Promise<void>;
  /** How its runs share their thread; whoever has many of them rests between them, too. Absent: they do not. */
  readonly pace?: Pace;
  /** What its compiler has done; absent for engines without one. */
  readonly compilerStatus?: () => CompilerStatus;
}

import type { RecoverPublicKey } from "@festina/crypto";
import { type Address, fail, ok, type Result } from "@festina/primitives";
import type { AccessListEntry, Authorization } from "@festina/types";
import { debitBalance, readAccount } from "./account.ts";
import { applyAuthorizations } from "./authorizations.ts";
import type { BlockContext } from "./blockContext.ts";
import { computeContractAddress } from "./contractAddress.ts";
import { describeEffect, type ExecutionEffect } from "./describeEffect.ts";
import type { Engine, EngineOutcome } from "./engine.ts";
import { computeFloorGas, computeIntrinsicGas } from "./intrinsicGas.ts";
import type { StateView } from "./ports.ts";
import { rulesOf } from "./ruleSet.ts";
import { runEngine } from "./runEngine.ts";
import { settleGas } from "./settleGas.ts";

/** A call as `eth_call` and `eth_estimateGas` describe it: like a transaction, but unsigned and outside any block. */
export interface SimulatedCall {
  readonly from: Address;
  /** `null` creates a contract. */
  readonly to: Address | null;
  readonly data: Uint8Array;
  readonly valueWei: bigint;
  readonly gasLimit: bigint;
  /** 0 makes gas free, and BASEFEE reads 0. */
  readonly gasPriceWei: bigint;
  readonly accessList: readonly AccessListEntry[];
  readonly authorizations: readonly Authorization[];
}

export interface Simulation {
  readonly call: SimulatedCall;
  readonly view: StateView;
  readonly block: BlockContext;
  readonly engine: Engine;
  readonly recoverPublicKey: RecoverPublicKey;
  /** What it did stays in the view, for what is simulated after it. */
  readonly isKept?: boolean;
}

export type SimulationFailureCode =
  | "TX_INIT_CODE_TOO_LARGE"
  | "TX_INTRINSIC_GAS"
  | "TX_FLOOR_GAS"
  | "TX_INSUFFICIENT_BALANCE";

export interface SimulationOutcome extends ExecutionEffect {
  /** After refunds. */
  readonly gasUsed: bigint;
  /** What refunds gave back of it. */
  readonly refundGas: bigint;
  readonly createdAddress: Address | null;
}

/**
 * Answers what a call would do, and leaves the state as it was unless told otherwise. Nonce, signature and sender's code are not looked at;
 * the value moved, and gas at a price above 0, must be covered.
 *
 * @throws EngineFaultError when the engine itself failed
 */
export async function simulateCall(input: Simulation): Promise<Result<SimulationOutcome, SimulationFailureCode>> {
  const { call, view } = input;
  const { initCodeBytesMax } = rulesOf(input.block);
  if (call.to === null && call.data.length > initCodeBytesMax)
    return fail("TX_INIT_CODE_TOO_LARGE", `init code has ${call.data.length} of ${initCodeBytesMax} bytes`);
  const intrinsicGas = computeIntrinsicGas(call);
  if (call.gasLimit < intrinsicGas) {
    return fail("TX_INTRINSIC_GAS", `gas limit ${call.gasLimit} is below the intrinsic ${intrinsicGas}`);
  }
  const floorGas = computeFloorGas(call.data);
  if (call.gasLimit < floorGas) {
    return fail("TX_FLOOR_GAS", `gas limit ${call.gasLimit} is below the data floor ${floorGas}`);
  }
  const neededWei = call.valueWei + call.gasLimit * call.gasPriceWei;
  const { balanceWei, nonce } = readAccount(view, call.from);
  if (balanceWei < neededWei) {
    return fail("TX_INSUFFICIENT_BALANCE", `the sender has ${balanceWei} of ${neededWei} wei`);
  }
  view.checkpoint();
  let isKept = false;
  try {
    const { outcome, authorizationRefundGas } = await run(input, intrinsicGas);
    isKept = input.isKept === true;
    const usedGas = call.gasLimit - (outcome.kind === "halt" ? 0n : outcome.gasLeft);
    const refundGas = authorizationRefundGas + (outcome.kind === "success" ? outcome.gasRefund : 0n);
    const gasUsed = settleGas(usedGas, refundGas, floorGas);
    const createdAddress = call.to === null ? computeContractAddress(call.from, nonce) : null;
    const refunded = usedGas > gasUsed ? usedGas - gasUsed : 0n;
    return ok({ gasUsed, refundGas: refunded, createdAddress, ...describeEffect(outcome) });
  } finally {
    if (isKept) view.commit();
    else view.revert();
  }
}

async function run(
  { call, view, block, engine, recoverPublicKey }: Simulation,
  intrinsicGas: bigint,
): Promise<{ readonly outcome: EngineOutcome; readonly authorizationRefundGas: bigint }> {
  debitBalance(view, call.from, call.gasLimit * call.gasPriceWei);
  const sender = readAccount(view, call.from);
  view.putAccount(call.from, { ...sender, nonce: sender.nonce + 1n });
  const authorized = applyAuthorizations(view, block.chainId, call.authorizations, recoverPublicKey);
  const recipient = call.to === null ? [] : [call.to];
  const engineCall = {
    caller: call.from,
    origin: call.from,
    to: call.to,
    valueWei: call.valueWei,
    data: call.data,
    gasLimit: call.gasLimit - intrinsicGas,
    gasPriceWei: call.gasPriceWei,
    isStatic: false,
    warmAddresses: [call.from, ...recipient, block.coinbase, ...authorized.warm],
    accessList: call.accessList,
  };
  const context = call.gasPriceWei === 0n ? { ...block, baseFeePerGasWei: 0n } : block;
  const outcome = await runEngine(engine, engineCall, view, context);
  return { outcome, authorizationRefundGas: authorized.refundGas };
}

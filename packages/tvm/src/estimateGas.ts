import { fail, maxBigint, minBigint, ok, type Result } from "@festina/primitives";
import { readAccount } from "./account.ts";
import type { ExecutionFailure } from "./describeEffect.ts";
import { computeFloorGas, computeIntrinsicGas } from "./intrinsicGas.ts";
import { rulesOf } from "./ruleSet.ts";
import { type Simulation, type SimulationFailureCode, type SimulationOutcome, simulateCall } from "./simulateCall.ts";

export type GasEstimate =
  | { readonly kind: "enough"; readonly gasLimit: bigint }
  /** The code fails even with all the gas it may have. */
  | { readonly kind: "failed"; readonly failure: ExecutionFailure; readonly gasLimit: bigint };

/** The answer may be this much above the least that is enough, in parts per thousand; each halving costs a run. */
const TOLERANCE_PER_MILLE = 15n;
/** What a call with value adds for its callee; it must be there before the call although it is not spent. */
const CALL_STIPEND = 2_300n;
/** Binary search over 2^24 needs 24 steps; a bound all the same. */
const RUNS_MAX = 40;

/**
 * The gas limit with which the call succeeds: by search, because a call can fail with more gas than it uses in the end
 * (refunds, the 64th part that every call keeps back). `call.gasLimit` bounds the search; so do 2^24 and what the
 * sender can pay for at `gasPriceWei`.
 *
 * @throws EngineFaultError when the engine itself failed
 */
export async function estimateGas(input: Simulation): Promise<Result<GasEstimate, SimulationFailureCode>> {
  const { call, view } = input;
  let high = minBigint(minBigint(call.gasLimit, input.block.gasLimit), rulesOf(input.block).transactionGasMax);
  if (call.gasPriceWei > 0n) {
    const { balanceWei } = readAccount(view, call.from);
    if (balanceWei < call.valueWei) return fail("TX_INSUFFICIENT_BALANCE", "the sender cannot cover the value");
    high = minBigint(high, (balanceWei - call.valueWei) / call.gasPriceWei);
    if (high < computeIntrinsicGas(call))
      return fail("TX_INSUFFICIENT_BALANCE", `gas required exceeds allowance (${high})`);
  }
  const attempt = async (gasLimit: bigint): Promise<Result<SimulationOutcome, SimulationFailureCode>> =>
    simulateCall({ ...input, call: { ...call, gasLimit } });

  const first = await attempt(high);
  if (!first.ok) return first;
  if (first.value.failure !== null) return ok({ kind: "failed", failure: first.value.failure, gasLimit: high });

  const leastGas = maxBigint(computeIntrinsicGas(call), computeFloorGas(call.data));
  // Where no code runs, nothing depends on how much there is: what a transfer uses is enough.
  const isTransfer = call.to !== null && first.value.gasUsed === leastGas && view.getCode(call.to).length === 0;
  if (isTransfer && leastGas <= high) return ok({ kind: "enough", gasLimit: leastGas });

  // What is used is never enough by itself when it is less than what was needed at the peak; try that peak first.
  let low = maxBigint(first.value.gasUsed, leastGas) - 1n;
  const peak = ((first.value.gasUsed + first.value.refundGas + CALL_STIPEND) * 64n) / 63n;
  let next = first.value.gasUsed === leastGas ? leastGas : peak;
  for (let runs = 0; low + 1n < high && runs < RUNS_MAX; runs++) {
    if (next <= low || next >= high) next = (low + high) / 2n;
    const result = await attempt(next);
    if (result.ok && result.value.failure === null) high = next;
    else low = next;
    if ((high - low) * 1_000n <= high * TOLERANCE_PER_MILLE) break;
    // Most calls need little more than they use: a step may at most double the lower end.
    next = minBigint((low + high) / 2n, low * 2n);
  }
  return ok({ kind: "enough", gasLimit: high });
}

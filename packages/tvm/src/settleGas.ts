import { maxBigint, minBigint } from "@festina/primitives";

/** EIP-3529: at most a fifth of what was used comes back. */
const REFUND_QUOTIENT = 5n;

/** Gas finally paid for: what was used, less the capped refund, but never below the calldata floor (EIP-7623). */
export function settleGas(usedGas: bigint, refundGas: bigint, floorGas: bigint): bigint {
  return maxBigint(usedGas - minBigint(refundGas, usedGas / REFUND_QUOTIENT), floorGas);
}

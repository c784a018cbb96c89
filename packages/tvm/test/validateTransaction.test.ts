import { signHash } from "@festina/crypto";
import { type RecoveredTransaction, TRANSACTION_TYPE } from "@festina/types";
import { describe, expect, it } from "@jest/globals";
import { encodeDelegation, OSAKA, validateTransaction } from "../src/index.ts";
import type { MemoryStateView } from "../testing/index.ts";
import { aSponsored, aTransaction, aView, BLOCK, ETHER, PAYER, RECIPIENT, SENDER, SENDER_KEY } from "./samples.ts";

const CODE = Uint8Array.of(0x00);

function codeOf(transaction: RecoveredTransaction, view: MemoryStateView = aView(), block = BLOCK): string {
  const verdict = validateTransaction(transaction, view, block, block.gasLimit);
  return verdict.ok ? "valid" : verdict.error.code;
}

const gasWei = 100_000n * 15n;
const sponsoredOfOwn = (feeWei: bigint): RecoveredTransaction =>
  aTransaction({
    type: TRANSACTION_TYPE.sponsored,
    sponsorship: { feeWei, payer: SENDER, validUntilSeconds: 2_000n },
  });
const authorization = {
  chainId: 1337n,
  address: RECIPIENT,
  nonce: 0n,
  ...signHash(new Uint8Array(32).fill(1), SENDER_KEY),
};

describe("validateTransaction", () => {
  it.each([
    ["plain", aTransaction()],
    ["legacy without a chain id, in a block", aTransaction({ type: 0, chainId: null, maxPriorityFeePerGasWei: 15n })],
    ["gas limit at the cap", aTransaction({ gasLimit: OSAKA.transactionGasMax })],
    ["gas limit exactly intrinsic", aTransaction({ gasLimit: 21_000n })],
    ["sponsored at its last second", aSponsored(1n, { gasLimit: 21_000n })],
  ])("accepts: %s", (_name, transaction) => {
    expect(codeOf(transaction)).toBe("valid");
  });

  it.each([
    ["TX_CHAIN_ID", aTransaction({ chainId: 1n })],
    ["TX_PRIORITY_FEE_ABOVE_FEE", aTransaction({ maxPriorityFeePerGasWei: 16n })],
    ["TX_GAS_ABOVE_CAP", aTransaction({ gasLimit: OSAKA.transactionGasMax + 1n })],
    ["TX_NONCE_MAX", aTransaction({ nonce: 2n ** 64n - 1n })],
    ["TX_NONCE_TOO_HIGH", aTransaction({ nonce: 1n })],
    ["TX_INIT_CODE_TOO_LARGE", aTransaction({ to: null, data: new Uint8Array(49_153), gasLimit: 10_000_000n })],
    ["TX_AUTHORIZATION_SHAPE", aTransaction({ type: 4 })],
    ["TX_AUTHORIZATION_SHAPE", aTransaction({ type: 4, to: null, authorizations: [authorization] })],
    ["TX_INTRINSIC_GAS", aTransaction({ gasLimit: 20_999n })],
    ["TX_INTRINSIC_GAS", aTransaction({ to: null, gasLimit: 52_999n })],
    ["TX_FLOOR_GAS", aTransaction({ data: new Uint8Array(1_000).fill(1), gasLimit: 21_000n + 39_999n })],
    ["TX_FEE_BELOW_BASE_FEE", aTransaction({ maxFeePerGasWei: 9n })],
  ])("refuses with %s", (code, transaction) => {
    expect(codeOf(transaction)).toBe(code);
  });

  it("refuses what does not fit the rest of the block", () => {
    const verdict = validateTransaction(aTransaction(), aView(), BLOCK, 99_999n);
    expect(!verdict.ok && verdict.error.code).toBe("TX_GAS_ABOVE_BLOCK");
  });

  it("refuses a used nonce", () => {
    const view = aView();
    view.plant(SENDER, { balanceWei: ETHER, nonce: 1n });
    expect(codeOf(aTransaction(), view)).toBe("TX_NONCE_TOO_LOW");
  });

  it("refuses contracts as sender and payer, but not delegated accounts", () => {
    for (const [account, code] of [
      [SENDER, "TX_SENDER_HAS_CODE"],
      [PAYER, "TX_PAYER_HAS_CODE"],
    ] as const) {
      const view = aView();
      view.plant(account, { balanceWei: ETHER, code: CODE });
      expect(codeOf(aSponsored(0n), view)).toBe(code);
      view.putCode(account, encodeDelegation(RECIPIENT));
      expect(codeOf(aSponsored(0n), view)).toBe("valid");
    }
  });

  it("flaw 15: value, fee and gas must be covered up front, even when the value is zero", () => {
    expect(codeOf(aTransaction(), aView({ sender: gasWei }))).toBe("valid");
    expect(codeOf(aTransaction(), aView({ sender: gasWei - 1n }))).toBe("TX_INSUFFICIENT_BALANCE");
    expect(codeOf(aTransaction({ valueWei: 5n }), aView({ sender: gasWei + 4n }))).toBe("TX_INSUFFICIENT_BALANCE");
    expect(codeOf(aSponsored(7n), aView({ sender: 6n }))).toBe("TX_INSUFFICIENT_BALANCE");
    expect(codeOf(aSponsored(7n, { valueWei: 3n }), aView({ sender: 9n }))).toBe("TX_INSUFFICIENT_BALANCE");
    expect(codeOf(aSponsored(7n, { valueWei: 3n }), aView({ sender: 10n }))).toBe("valid");
    expect(codeOf(aSponsored(7n), aView({ payer: gasWei - 1n }))).toBe("TX_PAYER_INSUFFICIENT_BALANCE");
  });

  it("adds gas and fee up when sender and payer are one account", () => {
    expect(codeOf(sponsoredOfOwn(7n), aView({ sender: gasWei + 7n }))).toBe("valid");
    expect(codeOf(sponsoredOfOwn(7n), aView({ sender: gasWei + 6n }))).toBe("TX_INSUFFICIENT_BALANCE");
  });

  it("flaw 16: a fee that is a multiple of 2^64 is not taken for zero", () => {
    expect(codeOf(aSponsored(2n ** 64n), aView({ sender: 2n ** 64n - 1n }))).toBe("TX_INSUFFICIENT_BALANCE");
  });

  it("flaw 19: a payer's agreement ends with validUntil", () => {
    expect(codeOf(aSponsored(0n), aView(), { ...BLOCK, timestamp: 2_000 })).toBe("valid");
    expect(codeOf(aSponsored(0n), aView(), { ...BLOCK, timestamp: 2_001 })).toBe("TX_EXPIRED");
  });
});

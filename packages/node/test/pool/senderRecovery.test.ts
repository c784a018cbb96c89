import { recoverPublicKey } from "@festina/crypto";
import type { Address } from "@festina/primitives";
import {
  decodeTransaction,
  impersonate,
  signTransaction,
  TRANSACTION_TYPE,
  type TransactionFields,
} from "@festina/types";
import { describe, expect, it } from "@jest/globals";
import { senderRecovery } from "../../src/pool/senderRecovery.ts";

const VICTIM = `0x${"c0".repeat(20)}` as Address;
const FIELDS: TransactionFields = {
  ...{ type: TRANSACTION_TYPE.feeMarket, chainId: 1n, nonce: 0n, to: VICTIM, valueWei: 1n, data: new Uint8Array() },
  ...{ maxFeePerGasWei: 1n, maxPriorityFeePerGasWei: 0n, gasLimit: 21_000n },
  ...{ accessList: [], authorizations: [], sponsorship: null },
};
const decoded = (encoded: Uint8Array) => {
  const transaction = decodeTransaction(encoded);
  if (!transaction.ok) throw new Error(transaction.error.message);
  return transaction.value;
};

describe("who sent a transaction", () => {
  const claim = decoded(impersonate(FIELDS, VICTIM).encoded);
  const signed = signTransaction(FIELDS, new Uint8Array(32).fill(7));

  it("is who signed it; a mere claim counts on development chains only", () => {
    expect(senderRecovery({}, recoverPublicKey)(claim).ok).toBe(false);
    expect(senderRecovery({ development: true }, recoverPublicKey)(claim)).toMatchObject({ value: { sender: VICTIM } });
    for (const spec of [{}, { development: true }] as const)
      expect(senderRecovery(spec, recoverPublicKey)(decoded(signed.encoded))).toMatchObject({
        value: { sender: signed.sender },
      });
  });
});

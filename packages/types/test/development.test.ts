import type { Address } from "@festina/primitives";
import { describe, expect, it } from "@jest/globals";
import {
  decodeHybridRequests,
  decodeTransaction,
  encodeHybridRequests,
  impersonate,
  impersonatedSender,
  NO_REQUESTS,
  recoverTransaction,
} from "../src/index.ts";

const SENDER = `0x${"0a".repeat(20)}` as Address;
const FIELDS = {
  type: 0x02,
  chainId: 31_337n,
  nonce: 0n,
  maxFeePerGasWei: 1n,
  maxPriorityFeePerGasWei: 1n,
  gasLimit: 21_000n,
  to: SENDER,
  valueWei: 0n,
  data: new Uint8Array(0),
  accessList: [],
  authorizations: [],
  sponsorship: null,
} as const;

describe("a transaction in somebody's name", () => {
  it("names its sender, in its bytes too, and is signed by nobody", () => {
    const transaction = impersonate(FIELDS, SENDER);
    const decoded = decodeTransaction(transaction.encoded);
    if (!decoded.ok) throw new Error(decoded.error.message);
    expect(impersonatedSender(decoded.value)).toBe(SENDER);
    expect(recoverTransaction(decoded.value, () => null)).toMatchObject({ error: { code: "TX_SIGNATURE_INVALID" } });
  });

  it("is not what has any signature", () => {
    const transaction = impersonate(FIELDS, SENDER);
    expect(impersonatedSender({ ...transaction, signature: { r: 1n, s: 1n, yParity: 0 } })).toBeNull();
    expect(impersonatedSender({ ...transaction, signature: { r: 1n << 160n, s: 0n, yParity: 0 } })).toBeNull();
  });
});

describe("the request of a development chain", () => {
  const development = {
    accounts: [
      { address: SENDER, balanceWei: 0n, nonce: null, code: "0x00", storage: [[0n, 5n]] },
      { address: SENDER, balanceWei: null, nonce: 7n, code: null, storage: [] },
    ],
    baseFeePerGasWei: 0n,
    coinbase: SENDER,
  } as const;

  it("comes back from its bytes; zero and nothing differ", () => {
    const requests = { ...NO_REQUESTS, development };
    expect(decodeHybridRequests(encodeHybridRequests(requests))).toEqual({ ok: true, value: requests });
  });

  it("is refused when it is cut or changed in form", () => {
    const [element = new Uint8Array(0)] = encodeHybridRequests({ ...NO_REQUESTS, development });
    for (let length = 1; length < element.length; length++)
      expect(decodeHybridRequests([element.subarray(0, length)]).ok).toBe(false);
  });
});

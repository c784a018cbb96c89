import { type Address, bytesToHex, type Hash32, hexToBytes } from "@festina/primitives";
import { describe, expect, it } from "@jest/globals";
import {
  type DevelopmentRequest,
  decodeHybridRequests,
  decodeTransaction,
  encodeHybridRequests,
  impersonate,
  impersonatedSender,
  NO_DEVELOPMENT,
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
    gasLimit: null,
    prevRandao: null,
  } as const;
  const terms = { ...NO_DEVELOPMENT, gasLimit: 21_000n, prevRandao: `0x${"5e".repeat(32)}` as Hash32 };
  const encode = (request: DevelopmentRequest) => encodeHybridRequests({ ...NO_REQUESTS, development: request });

  it("comes back from its bytes; zero and nothing differ", () => {
    const requests = { ...NO_REQUESTS, development };
    expect(decodeHybridRequests(encodeHybridRequests(requests))).toEqual({ ok: true, value: requests });
    for (const changes of [{}, { gasLimit: null }, { prevRandao: null }, { gasLimit: 2n ** 40n }]) {
      const request = { ...terms, ...changes };
      expect(decodeHybridRequests(encode(request))).toMatchObject({ ok: true, value: { development: request } });
    }
  });

  it("has the bytes that it had before there were gas limit and prevRandao", () => {
    expect(encode({ ...NO_DEVELOPMENT, baseFeePerGasWei: 7n }).map(bytesToHex)).toEqual(["0xf5c4c0c107c0"]);
  });

  it("is refused with a gas limit out of bounds, and with terms that say nothing", () => {
    for (const gasLimit of [0n, 20_999n, 2n ** 40n + 1n, 2n ** 64n])
      expect(decodeHybridRequests(encode({ ...NO_DEVELOPMENT, gasLimit })).ok).toBe(false);
    expect(decodeHybridRequests([hexToBytes("0xf5c5c0c0c0c0c0")]).ok).toBe(false);
    expect(decodeHybridRequests([hexToBytes("0xf5c7c0c0c0c3825208c0")]).ok).toBe(false);
  });

  it("is refused when it is cut or changed in form", () => {
    for (const [element = new Uint8Array(0)] of [encode(development), encode(terms)])
      for (let length = 1; length < element.length; length++)
        expect(decodeHybridRequests([element.subarray(0, length)]).ok).toBe(false);
  });
});

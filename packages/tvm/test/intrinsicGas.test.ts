import { EMPTY_BYTES, ZERO_HASH } from "@festina/primitives";
import { describe, expect, it } from "@jest/globals";
import { computeContractAddress, computeFloorGas, computeIntrinsicGas } from "../src/index.ts";
import { settleGas } from "../src/settleGas.ts";
import { RECIPIENT } from "./samples.ts";

const plain = { to: RECIPIENT, data: EMPTY_BYTES, accessList: [], authorizations: [] };
const authorization = { chainId: 0n, address: RECIPIENT, nonce: 0n, r: 1n, s: 1n, yParity: 0 as const };

describe("intrinsic gas", () => {
  it("flaw 22: call data costs 4 and 16 gas per byte, and every typed part its own price", () => {
    expect(computeIntrinsicGas(plain)).toBe(21_000n);
    expect(computeIntrinsicGas({ ...plain, data: Uint8Array.of(0, 0, 1) })).toBe(21_000n + 8n + 16n);
    expect(computeIntrinsicGas({ ...plain, to: null, data: new Uint8Array(33) })).toBe(53_000n + 33n * 4n + 4n);
    const accessList = [{ address: RECIPIENT, storageKeys: [ZERO_HASH, ZERO_HASH] }];
    expect(computeIntrinsicGas({ ...plain, accessList })).toBe(21_000n + 2_400n + 2n * 1_900n);
    expect(computeIntrinsicGas({ ...plain, authorizations: [authorization] })).toBe(46_000n);
  });

  it("has a floor of 10 gas per zero byte and 40 per other", () => {
    expect(computeFloorGas(EMPTY_BYTES)).toBe(21_000n);
    expect(computeFloorGas(Uint8Array.of(0, 0, 1))).toBe(21_000n + 60n);
  });

  it("gives back at most a fifth, and nothing below the floor", () => {
    expect(settleGas(100_000n, 15_000n, 21_000n)).toBe(85_000n);
    expect(settleGas(100_000n, 50_000n, 21_000n)).toBe(80_000n);
    expect(settleGas(100_000n, 50_000n, 90_000n)).toBe(90_000n);
  });
});

describe("computeContractAddress", () => {
  it("agrees with a contract known from Ethereum", () => {
    // CryptoKitties' deployer and its first contract.
    const deployer = "0x6ac7ea33f8831ea9dcc53393aaa88b25a785dbf0" as typeof RECIPIENT;
    expect(computeContractAddress(deployer, 0n)).toBe("0xcd234a471b72ba2f1ccf0a70fcaba648a5eecd8d");
    expect(computeContractAddress(deployer, 1n)).toBe("0x343c43a37d37dff08ae8c4a11544c718abb4fcf8");
  });
});

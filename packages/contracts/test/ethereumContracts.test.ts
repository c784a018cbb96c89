import { decodeRlp, encodeRlp, hexToBytes, type RlpItem } from "@festina/primitives";
import { describe, expect, it } from "@jest/globals";
import { getCreateAddress, keccak256, recoverAddress } from "ethers";
import { BEACON_ROOTS, BEACON_ROOTS_CODE, HISTORY_STORAGE, HISTORY_STORAGE_CODE } from "../src/index.ts";

/**
 * The deployment of both contracts has a made-up signature: its sender, and so the contract's address, follows from
 * the hash of the code. A single wrong byte of the code therefore gives another address.
 */
function deployedAt(deployment: {
  readonly initCode: string;
  readonly gasLimit: number;
  readonly gasPriceWei: number;
  readonly r: string;
  readonly s: string;
}): string {
  const integer = (value: number): Uint8Array => {
    const text = value.toString(16);
    return hexToBytes(`0x${text.length % 2 === 0 ? "" : "0"}${text}`);
  };
  const empty = new Uint8Array(0);
  const { gasPriceWei, gasLimit, initCode, r, s } = deployment;
  const fields: RlpItem = [empty, integer(gasPriceWei), integer(gasLimit), empty, empty, hexToBytes(initCode)];
  expect(decodeRlp(encodeRlp(fields)).ok).toBe(true);
  const signature = { v: 27, r: `0x${r.padStart(64, "0")}`, s: `0x${s.padStart(64, "0")}` };
  const from = recoverAddress(keccak256(encodeRlp(fields)), signature);
  return getCreateAddress({ from, nonce: 0 }).toLowerCase();
}

describe("Ethereum's system contracts", () => {
  it("beacon roots: the code deploys to its address (EIP-4788)", () => {
    const initCode = `0x60618060095f395ff3${BEACON_ROOTS_CODE.slice(2)}`;
    const signature = { r: "539", s: "1b9b6eb1f0" };
    expect(deployedAt({ initCode, gasLimit: 0x3d090, gasPriceWei: 0xe8d4a51000, ...signature })).toBe(BEACON_ROOTS);
  });

  it("history storage: the code deploys to its address (EIP-2935)", () => {
    const initCode = `0x60538060095f395ff3${HISTORY_STORAGE_CODE.slice(2)}`;
    const signature = { r: "539", s: "aa12693182426612186309f02cfe8a80a0000" };
    expect(deployedAt({ initCode, gasLimit: 0x3d090, gasPriceWei: 0xe8d4a51000, ...signature })).toBe(HISTORY_STORAGE);
  });
});

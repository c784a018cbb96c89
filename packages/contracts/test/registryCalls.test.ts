import { bytesToHex, type Hex, hexToBytes } from "@festina/primitives";
import { describe, expect, it } from "@jest/globals";
import { encodeFunctionData, toFunctionSelector } from "viem";
import {
  encodeCandidates,
  encodeGenesisRegister,
  encodeInitialise,
  encodeOnEpoch,
  encodeReady,
  encodeRegister,
  encodeRequestExit,
  encodeSlash,
  encodeValidator,
  encodeVoidSeat,
  encodeWithdraw,
  encodeWithdrawableAt,
  VALIDATOR_REGISTRY_ABI,
  VALIDATOR_REGISTRY_SELECTORS,
} from "../src/index.ts";
import { account, testKey } from "./registryHarness.ts";

const [alice, bob, carol] = [account(1), account(2), account(3)];
const { point, proof, compressed } = testKey(1);
const blsKey = bytesToHex(compressed);
const votingKey = `0x02${"cd".repeat(32)}` as const;
const registration = { validator: alice, blsKey, votingKey, payout: bob, depositWei: 2n ** 100n };
const registering = { key: point, proofOfPossession: proof, votingKey: new Uint8Array(0), payout: carol };

// viem is the oracle: an encoder that shares nothing with ours.
const CASES: readonly (readonly [name: string, ours: Uint8Array, args: readonly unknown[]])[] = [
  ["initialise", encodeInitialise(10n ** 20n, 600), [10n ** 20n, 600n]],
  ["genesisRegister", encodeGenesisRegister(registration), [alice, blsKey, votingKey, bob, 2n ** 100n]],
  ["onEpoch", encodeOnEpoch(0, []), [0n, []]],
  ["onEpoch", encodeOnEpoch(70_000, [alice, bob, carol]), [70_000n, [alice, bob, carol]]],
  ["slash", encodeSlash(alice, bob), [alice, bob]],
  ["voidSeat", encodeVoidSeat(carol), [carol]],
  ["candidates", encodeCandidates(256, 100), [256n, 100n]],
  ["register", encodeRegister(registering), [bytesToHex(point), bytesToHex(proof), "0x", carol]],
  [
    "register",
    encodeRegister({ ...registering, votingKey: hexToBytes(votingKey) }),
    [bytesToHex(point), bytesToHex(proof), votingKey, carol],
  ],
  ["ready", encodeReady(), []],
  ["requestExit", encodeRequestExit(), []],
  ["withdraw", encodeWithdraw(), []],
  ["validator", encodeValidator(bob), [bob]],
  ["withdrawableAt", encodeWithdrawableAt(bob), [bob]],
];

describe("registry calls", () => {
  it.each(CASES)("%s is encoded as viem does", (functionName, ours, args) => {
    const call = { abi: VALIDATOR_REGISTRY_ABI, functionName, args };
    expect(bytesToHex(ours)).toBe(encodeFunctionData(call as Parameters<typeof encodeFunctionData>[0]));
  });

  it("a registration takes uncompressed points only", () => {
    expect(() => encodeRegister({ ...registering, key: compressed })).toThrow("uncompressed");
  });

  it("knows every function's selector", () => {
    const functions = VALIDATOR_REGISTRY_ABI.filter((item) => item.type === "function");
    const selectors: Record<string, Hex> = {};
    for (const item of functions) selectors[item.name] = toFunctionSelector(item);
    expect(VALIDATOR_REGISTRY_SELECTORS).toEqual(selectors);
  });
});

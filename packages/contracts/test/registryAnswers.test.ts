import { createPrng, type Hex, hexToBytes } from "@festina/primitives";
import { describe, expect, it } from "@jest/globals";
import fc from "fast-check";
import { encodeFunctionResult } from "viem";
import {
  decodeCandidate,
  decodeCandidates,
  decodeSlashing,
  decodeWithdrawableAt,
  REGISTRY_PAGE_MAX,
  type RegistryCandidate,
  VALIDATOR_REGISTRY_ABI,
} from "../src/index.ts";
import { account } from "./registryHarness.ts";

const abi = VALIDATOR_REGISTRY_ABI;
const VOTING_KEYS: readonly Hex[] = ["0x", `0x${"c5".repeat(32)}`, `0x02${"d7".repeat(32)}`];

function sample(index: number): RegistryCandidate {
  return {
    validator: account(index),
    blsKey: `0x${(0x80 + (index & 0x3f)).toString(16).repeat(48)}`,
    votingKey: VOTING_KEYS[index % 3] as Hex,
    payout: account(index + 1),
    depositWei: 10n ** 20n * BigInt(index),
    readyAt: index * 3,
    exitRequestedAt: index % 3,
    seatVoid: index % 2 === 0,
    slashed: index % 5 === 0,
    jailed: index % 7 === 1,
  };
}

function encodeByViem(list: readonly RegistryCandidate[]): Uint8Array {
  const result = list.map((candidate) => ({
    ...candidate,
    readyAt: BigInt(candidate.readyAt),
    exitRequestedAt: BigInt(candidate.exitRequestedAt),
  }));
  return hexToBytes(encodeFunctionResult({ abi, functionName: "candidates", result }));
}

describe("registry answers", () => {
  it.each([0, 1, 7, REGISTRY_PAGE_MAX])("%i candidates are read as viem wrote them", (length) => {
    const list = Array.from({ length }, (_, index) => sample(index));
    expect(decodeCandidates(encodeByViem(list))).toEqual({ ok: true, value: list });
  });

  it("one candidate and a slashing are read as viem wrote them", () => {
    const candidate = sample(9);
    const result = { ...candidate, readyAt: 27n, exitRequestedAt: 0n };
    const one = hexToBytes(encodeFunctionResult({ abi, functionName: "validator", result }));
    expect(decodeCandidate(one)).toEqual({ ok: true, value: candidate });
    const slashing = hexToBytes(encodeFunctionResult({ abi, functionName: "slash", result: [95n, 5n] }));
    expect(decodeSlashing(slashing)).toEqual({ ok: true, value: { burnedWei: 95n, reporterWei: 5n } });
  });

  it.each([
    ["nothing", (bytes: Uint8Array) => bytes.subarray(0, 0)],
    ["less than everything", (bytes: Uint8Array) => bytes.subarray(0, bytes.length - 32)],
    ["a list that is too long", (bytes: Uint8Array) => change(bytes, 63 - 1, 2)],
    ["an offset beyond the end", (bytes: Uint8Array) => change(bytes, 30, 0xff)],
    ["an address with a thirteenth byte", (bytes: Uint8Array) => change(bytes, 96 + 11, 1)],
    ["a key of another length", (bytes: Uint8Array) => change(bytes, 96 + 10 * 32 + 31, 47)],
    ["a voting key of 34 bytes", (bytes: Uint8Array) => change(bytes, 96 + 13 * 32 + 31, 34)],
    ["a boolean of two", (bytes: Uint8Array) => change(bytes, 96 + 8 * 32 - 1, 2)],
    ["a height above 2^53", (bytes: Uint8Array) => change(bytes, 96 + 5 * 32 + 24, 1)],
  ])("%s is refused", (_what, spoil) => {
    const decoded = decodeCandidates(spoil(encodeByViem([sample(1)])));
    expect(decoded).toMatchObject({ ok: false, error: { code: "REGISTRY_ANSWER_INVALID" } });
  });

  it("garbage is refused or read, and nothing is thrown", () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 400 }), (bytes) => {
        for (const decode of [decodeCandidates, decodeCandidate, decodeSlashing]) decode(bytes);
      }),
    );
    const prng = createPrng(7);
    const good = encodeByViem([sample(1), sample(2)]);
    let refused = 0;
    for (let round = 0; round < 500; round++) {
      if (!decodeCandidates(change(good, prng.below(good.length), prng.below(256))).ok) refused++;
    }
    expect(refused).toBeGreaterThan(50);
  });
});

function change(bytes: Uint8Array, index: number, value: number): Uint8Array {
  const changed = bytes.slice();
  changed[index] = value;
  return changed;
}

describe("when a deposit is free", () => {
  it.each([
    [1_700_000_000n, 1_700_000_000],
    [0n, 0],
    [2n ** 256n - 1n, null],
  ])("is %s as the contract says it, %s for us", (said, known) => {
    const output = encodeFunctionResult({ abi, functionName: "withdrawableAt", result: said });
    expect(decodeWithdrawableAt(hexToBytes(output))).toEqual({ ok: true, value: known });
  });

  it("is refused where it is no time", () => {
    const output = encodeFunctionResult({ abi, functionName: "withdrawableAt", result: 2n ** 200n });
    expect(decodeWithdrawableAt(hexToBytes(output))).toMatchObject({ ok: false });
    expect(decodeWithdrawableAt(new Uint8Array(31))).toMatchObject({ ok: false });
  });
});

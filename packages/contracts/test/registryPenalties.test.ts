// Jail for missed votes, and the loss of the deposit for broken voting rules.
import { hexToBytes, ZERO_ADDRESS } from "@festina/primitives";
import { describe, expect, it } from "@jest/globals";
import { encodeFunctionData } from "viem";
import {
  decodeSlashing,
  encodeJail,
  encodeReady,
  encodeRequestExit,
  encodeSlash,
  encodeUnjail,
  encodeWithdraw,
  SYSTEM_CALLER,
  VALIDATOR_REGISTRY,
  VALIDATOR_REGISTRY_ABI,
} from "../src/index.ts";
import { account, DEPOSIT_PER_SEAT_WEI, RegistryHarness, testKey, UNBONDING_SECONDS } from "./registryHarness.ts";

const ALICE = account(1);
const BOB = account(2);
const CAROL = account(3);
const [aliceKey, bobKey, carolKey] = [testKey(1), testKey(2), testKey(3)] as const;
const abi = VALIDATOR_REGISTRY_ABI;

describe("jail", () => {
  it("counts a validator out until it asks back, and takes nothing from it", async () => {
    const harness = await RegistryHarness.started();
    await harness.registerReady(ALICE, aliceKey);
    expect((await harness.call(ALICE, encodeUnjail())).error).toBe(`NotJailed(${ALICE})`);
    expect((await harness.expectSuccess(SYSTEM_CALLER, encodeJail(ALICE))).logs).toBe(1);
    expect((await harness.candidates())[0]).toMatchObject({ jailed: true, depositWei: DEPOSIT_PER_SEAT_WEI });
    // Its node says `ready()` by itself: that alone must not bring it back.
    await harness.expectSuccess(ALICE, encodeReady());
    expect((await harness.candidates())[0]).toMatchObject({ jailed: true, seatVoid: false });
    expect((await harness.expectSuccess(ALICE, encodeUnjail())).logs).toBe(1);
    expect((await harness.candidates())[0]).toMatchObject({ jailed: false, depositWei: DEPOSIT_PER_SEAT_WEI });
  });

  it("is the protocol's alone, happens once at a time, and passes over who is not there", async () => {
    const harness = await RegistryHarness.started();
    await harness.registerReady(ALICE, aliceKey);
    expect((await harness.call(ALICE, encodeJail(ALICE))).error).toBe("OnlySystem()");
    await harness.expectSuccess(SYSTEM_CALLER, encodeJail(ALICE));
    expect((await harness.expectSuccess(SYSTEM_CALLER, encodeJail(ALICE))).logs).toBe(0);
    expect((await harness.expectSuccess(SYSTEM_CALLER, encodeJail(BOB))).logs).toBe(0);
    expect((await harness.call(BOB, encodeUnjail())).error).toBe(`NotRegistered(${BOB})`);
  });
});

describe("slash", () => {
  async function slash(harness: RegistryHarness, guilty = ALICE, reporter = CAROL) {
    const { output } = await harness.expectSuccess(SYSTEM_CALLER, encodeSlash(guilty, reporter));
    const decoded = decodeSlashing(output);
    if (!decoded.ok) throw new Error(decoded.error.message);
    return decoded.value;
  }

  it("pays the reporter a twentieth and tells exactly what is to be burned", async () => {
    const harness = await RegistryHarness.started();
    const depositWei = DEPOSIT_PER_SEAT_WEI + 7n;
    await harness.registerReady(ALICE, aliceKey, depositWei);
    await harness.registerReady(BOB, bobKey);
    const share = (depositWei * 5n) / 100n;
    expect(await slash(harness)).toEqual({ burnedWei: depositWei - share, reporterWei: share });
    expect(harness.balanceOf(CAROL)).toBe(share);
    // After the block took the burned part away, what is left is the deposits of the others.
    expect(harness.balanceOf(VALIDATOR_REGISTRY) - (depositWei - share)).toBe(DEPOSIT_PER_SEAT_WEI);
  });

  it("removes the guilty from the list for good", async () => {
    const harness = await RegistryHarness.started();
    await harness.registerReady(ALICE, aliceKey);
    await harness.registerReady(BOB, bobKey);
    await harness.registerReady(CAROL, carolKey);
    await slash(harness, ALICE, CAROL);
    expect((await harness.candidates()).map(({ validator }) => validator)).toEqual([CAROL, BOB]);
    expect(
      await harness.candidate(hexToBytes(encodeFunctionData({ abi, functionName: "validator", args: [ALICE] }))),
    ).toMatchObject({
      depositWei: 0n,
      seatVoid: true,
      slashed: true,
    });
    expect((await harness.call(ALICE, encodeReady())).error).toBe(`NotRegistered(${ALICE})`);
    expect((await harness.call(ALICE, encodeRequestExit())).error).toBe(`NotRegistered(${ALICE})`);
    expect((await harness.register(ALICE, testKey(9))).error).toBe(`AlreadyRegistered(${ALICE})`);
    expect((await harness.register(account(5), aliceKey)).error).toBe(`KeyInUse(${ALICE})`);
  });

  it("reaches a validator that is leaving, and nobody twice", async () => {
    const harness = await RegistryHarness.started();
    await harness.registerReady(ALICE, aliceKey);
    await harness.expectSuccess(ALICE, encodeRequestExit());
    expect((await slash(harness)).burnedWei).toBe((DEPOSIT_PER_SEAT_WEI * 95n) / 100n);
    expect(await slash(harness)).toEqual({ burnedWei: 0n, reporterWei: 0n });
    expect(await slash(harness, BOB)).toEqual({ burnedWei: 0n, reporterWei: 0n });
    harness.timestamp += 10 * UNBONDING_SECONDS;
    expect((await harness.call(ALICE, encodeWithdraw())).error).toBe(`NotRegistered(${ALICE})`);
  });

  it("burns everything when nobody is to be rewarded", async () => {
    const harness = await RegistryHarness.started();
    await harness.registerReady(ALICE, aliceKey);
    expect(await slash(harness, ALICE, ZERO_ADDRESS)).toEqual({ burnedWei: DEPOSIT_PER_SEAT_WEI, reporterWei: 0n });
    expect(harness.balanceOf(ZERO_ADDRESS)).toBe(0n);
  });

  it("burns the reporter's share when the reporter does not take it", async () => {
    const harness = await RegistryHarness.started();
    await harness.registerReady(ALICE, aliceKey);
    harness.view.plant(CAROL, { code: hexToBytes("0x5f5ffd") });
    expect(await slash(harness)).toEqual({ burnedWei: DEPOSIT_PER_SEAT_WEI, reporterWei: 0n });
    expect(harness.balanceOf(CAROL)).toBe(0n);
  });
});

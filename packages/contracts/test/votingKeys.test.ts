import { createPrng } from "@festina/primitives";
import { describe, expect, it } from "@jest/globals";
import { encodeJail, encodeRequestExit, encodeValidator, encodeWithdraw, SYSTEM_CALLER } from "../src/index.ts";
import { account, DEPOSIT_PER_SEAT_WEI, RegistryHarness, testKey, UNBONDING_SECONDS } from "./registryHarness.ts";

const [ALICE, BOB] = [account(1), account(2)] as const;
const [aliceKey, bobKey] = [testKey(1), testKey(2)] as const;

describe("the registry", () => {
  it.each([0, 32, 33])("tells a voting key of %i bytes as it was given, and forgets it at the end", async (length) => {
    const harness = await RegistryHarness.started();
    const votingKey = createPrng(length).bytes(length);
    const told = `0x${Buffer.from(votingKey).toString("hex")}`;
    const answer = await harness.register(ALICE, aliceKey, DEPOSIT_PER_SEAT_WEI, ALICE, votingKey);
    expect(answer.error).toBeNull();
    expect((await harness.candidates()).map((entry) => entry.votingKey)).toEqual([told]);
    expect(await harness.candidate(encodeValidator(ALICE))).toMatchObject({ votingKey: told, jailed: false });
    await harness.expectSuccess(SYSTEM_CALLER, encodeJail(ALICE));
    expect(await harness.candidate(encodeValidator(ALICE))).toMatchObject({ votingKey: told, jailed: true });

    await harness.expectSuccess(ALICE, encodeRequestExit());
    harness.timestamp += UNBONDING_SECONDS;
    await harness.expectSuccess(ALICE, encodeWithdraw());
    expect((await harness.register(ALICE, aliceKey)).error).toBeNull();
    expect(await harness.candidates()).toMatchObject([{ votingKey: "0x" }]);
  });

  it.each([1, 31, 34, 48, 64, 65, 500])("refuses a voting key of %i bytes", async (length) => {
    const harness = await RegistryHarness.started();
    const votingKey = new Uint8Array(length).fill(2);
    const answer = await harness.register(ALICE, aliceKey, DEPOSIT_PER_SEAT_WEI, ALICE, votingKey);
    expect(answer.error).toBe("InvalidVotingKey()");
    expect(await harness.candidates()).toEqual([]);
  });

  it("lets nobody keep another from a voting key by naming it first", async () => {
    const harness = await RegistryHarness.started();
    const votingKey = new Uint8Array(33).fill(3);
    for (const [owner, key] of [
      [BOB, bobKey],
      [ALICE, aliceKey],
    ] as const)
      expect((await harness.register(owner, key, DEPOSIT_PER_SEAT_WEI, owner, votingKey)).error).toBeNull();
    expect(await harness.candidates()).toHaveLength(2);
  });
});

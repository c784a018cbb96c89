import { hexToBytes, ZERO_ADDRESS } from "@festina/primitives";
import { describe, expect, it } from "@jest/globals";
import { encodeFunctionData } from "viem";
import {
  encodeGenesisRegister,
  encodeInitialise,
  encodeOnEpoch,
  encodeReady,
  encodeRequestExit,
  encodeSlash,
  encodeVoidSeat,
  encodeWithdraw,
  REGISTRY_PAGE_MAX,
  REGISTRY_VALIDATORS_MAX,
  SYSTEM_CALLER,
  VALIDATOR_REGISTRY,
  VALIDATOR_REGISTRY_ABI,
} from "../src/index.ts";
import { account, DEPOSIT_PER_SEAT_WEI, RegistryHarness, testKey, UNBONDING_SECONDS } from "./registryHarness.ts";

const ALICE = account(1);
const BOB = account(2);
const CAROL = account(3);
const [aliceKey, bobKey] = [testKey(1), testKey(2)] as const;

type Call = Parameters<typeof encodeFunctionData<typeof VALIDATOR_REGISTRY_ABI>>[0];

/** Call data by viem, for the functions that the package does not encode itself. */
function data(functionName: Call["functionName"], args: readonly unknown[] = []): Uint8Array {
  return hexToBytes(encodeFunctionData({ abi: VALIDATOR_REGISTRY_ABI, functionName, args } as Call));
}

async function word(harness: RegistryHarness, call: Uint8Array): Promise<bigint> {
  const { output } = await harness.expectSuccess(SYSTEM_CALLER, call);
  return output.reduce((sum, byte) => sum * 256n + BigInt(byte), 0n);
}

describe("register", () => {
  it("takes a key whose possession is proven, within 400,000 gas", async () => {
    const harness = await RegistryHarness.started();
    const answer = await harness.register(ALICE, aliceKey, 3n * DEPOSIT_PER_SEAT_WEI, CAROL);
    expect(answer.error).toBeNull();
    expect(answer.logs).toBe(1);
    // 348,279 besides the transaction itself: pairing 102,900, two maps 47,600, seven new slots 155,000.
    expect(answer.gasUsed).toBeLessThan(400_000n);
    expect(await harness.candidates()).toEqual([
      {
        validator: ALICE,
        blsKey: `0x${Buffer.from(aliceKey.compressed).toString("hex")}`,
        votingKey: "0x",
        payout: CAROL,
        depositWei: 3n * DEPOSIT_PER_SEAT_WEI,
        readyAt: 0,
        exitRequestedAt: 0,
        seatVoid: true,
        slashed: false,
        jailed: false,
      },
    ]);
    expect(harness.balanceOf(VALIDATOR_REGISTRY)).toBe(3n * DEPOSIT_PER_SEAT_WEI);
  });

  it("derives the short form for both signs of y", async () => {
    const harness = await RegistryHarness.started();
    const keys = [testKey(4), testKey(5), testKey(6), testKey(7), testKey(8)];
    const signs = new Set(keys.map((key) => (key.compressed[0] as number) & 0x20));
    expect(signs.size).toBe(2);
    for (const [index, key] of keys.entries()) {
      const owner = account(10 + index);
      expect((await harness.register(owner, key)).error).toBeNull();
      const found = await word(harness, data("validatorOf", [`0x${Buffer.from(key.compressed).toString("hex")}`]));
      expect(found).toBe(BigInt(owner));
    }
  });

  it("refuses another key's proof, and a proof that is no point", async () => {
    const harness = await RegistryHarness.started();
    expect((await harness.register(ALICE, { ...aliceKey, proof: bobKey.proof })).error).toBe("InvalidProof()");
    const broken = aliceKey.proof.slice();
    broken[200] = (broken[200] as number) ^ 1;
    expect((await harness.register(ALICE, { ...aliceKey, proof: broken })).error).toBe("InvalidProof()");
    const zero = { ...aliceKey, proof: new Uint8Array(256) };
    expect((await harness.register(ALICE, zero)).error).toBe("InvalidProof()");
    expect(await harness.candidates()).toEqual([]);
    expect(harness.balanceOf(VALIDATOR_REGISTRY)).toBe(0n);
  });

  it("refuses a key that is zero, off the curve, or written with a coordinate above the prime", async () => {
    const harness = await RegistryHarness.started();
    const zero = { ...aliceKey, point: new Uint8Array(128), proof: new Uint8Array(256) };
    expect((await harness.register(ALICE, zero)).error).toBe("InvalidKey()");
    const offCurve = aliceKey.point.slice();
    offCurve[127] = (offCurve[127] as number) ^ 1;
    expect((await harness.register(ALICE, { ...aliceKey, point: offCurve })).error).toBe("InvalidProof()");
    const padded = aliceKey.point.slice();
    padded[0] = 1;
    expect((await harness.register(ALICE, { ...aliceKey, point: padded })).error).toBe("InvalidProof()");
  });

  it("refuses wrong lengths", async () => {
    const harness = await RegistryHarness.started();
    const hex = (bytes: Uint8Array): string => `0x${Buffer.from(bytes).toString("hex")}`;
    const short = data("register", [hex(aliceKey.compressed), hex(aliceKey.proof), "0x", ALICE]);
    expect((await harness.call(ALICE, short, DEPOSIT_PER_SEAT_WEI)).error).toBe("InvalidKey()");
    const long = data("register", [hex(aliceKey.point), `${hex(aliceKey.proof)}00`, "0x", ALICE]);
    expect((await harness.call(ALICE, long, DEPOSIT_PER_SEAT_WEI)).error).toBe("InvalidProof()");
  });

  it("refuses a key or an owner twice, a small deposit, and no payout", async () => {
    const harness = await RegistryHarness.started();
    await harness.registerReady(ALICE, aliceKey);
    expect((await harness.register(BOB, aliceKey)).error).toBe(`KeyInUse(${ALICE})`);
    expect((await harness.register(ALICE, bobKey)).error).toBe(`AlreadyRegistered(${ALICE})`);
    const small = DEPOSIT_PER_SEAT_WEI - 1n;
    expect((await harness.register(BOB, bobKey, small)).error).toBe(
      `DepositTooSmall(${small},${DEPOSIT_PER_SEAT_WEI})`,
    );
    expect((await harness.register(BOB, bobKey, DEPOSIT_PER_SEAT_WEI, ZERO_ADDRESS)).error).toBe("InvalidPayout()");
  });

  it("does not take plain transfers or unknown calls", async () => {
    const harness = await RegistryHarness.started();
    expect((await harness.call(ALICE, new Uint8Array(0), 1n)).error).toBe("empty revert");
    expect((await harness.call(ALICE, Uint8Array.of(1, 2, 3, 4))).error).toBe("empty revert");
  });
});

describe("owners", () => {
  it("top up, change the payout and declare themselves ready", async () => {
    const harness = await RegistryHarness.started();
    await harness.register(ALICE, aliceKey);
    harness.height = 42;
    await harness.expectSuccess(ALICE, data("topUp"), 5n);
    await harness.expectSuccess(ALICE, data("setPayout", [BOB]));
    const ready = await harness.expectSuccess(ALICE, encodeReady());
    expect(ready.gasUsed).toBeLessThan(30_000n);
    expect(await harness.candidate(data("validator", [ALICE]))).toMatchObject({
      depositWei: DEPOSIT_PER_SEAT_WEI + 5n,
      payout: BOB,
      readyAt: 42,
      seatVoid: false,
    });
    expect((await harness.call(ALICE, data("setPayout", [ZERO_ADDRESS]))).error).toBe("InvalidPayout()");
  });

  it.each([
    ["ready", []],
    ["topUp", []],
    ["setPayout", [BOB]],
    ["requestExit", []],
    ["withdraw", []],
  ] as const)("%s is refused to strangers", async (name, args) => {
    const harness = await RegistryHarness.started();
    expect((await harness.call(CAROL, data(name, args))).error).toBe(`NotRegistered(${CAROL})`);
  });

  it("get the deposit back after unbonding when they never sat", async () => {
    const harness = await RegistryHarness.started();
    await harness.registerReady(ALICE, aliceKey);
    await harness.registerReady(BOB, bobKey);
    expect((await harness.call(ALICE, encodeWithdraw())).error).toBe(`NotExiting(${ALICE})`);
    await harness.expectSuccess(ALICE, encodeRequestExit());
    const unlockedAt = harness.timestamp + UNBONDING_SECONDS;
    expect((await harness.call(ALICE, encodeRequestExit())).error).toBe(`Exiting(${ALICE})`);
    expect((await harness.call(ALICE, encodeReady())).error).toBe(`Exiting(${ALICE})`);
    expect((await harness.call(ALICE, data("topUp"), 1n)).error).toBe(`Exiting(${ALICE})`);
    harness.timestamp = unlockedAt - 1;
    expect((await harness.call(ALICE, encodeWithdraw())).error).toBe(`DepositLocked(${unlockedAt})`);
    harness.timestamp = unlockedAt;
    const beforeWei = harness.balanceOf(ALICE);
    await harness.expectSuccess(ALICE, encodeWithdraw());
    expect(harness.balanceOf(ALICE) - beforeWei).toBe(DEPOSIT_PER_SEAT_WEI);
    expect((await harness.candidates()).map(({ validator }) => validator)).toEqual([BOB]);
    expect((await harness.call(ALICE, encodeWithdraw())).error).toBe(`NotRegistered(${ALICE})`);
    expect((await harness.register(CAROL, aliceKey)).error).toBeNull();
  });

  it("get it back only after the end of the last term plus unbonding when they sat", async () => {
    const harness = await RegistryHarness.started();
    await harness.registerReady(ALICE, aliceKey);
    await harness.expectSuccess(SYSTEM_CALLER, encodeOnEpoch(1, [ALICE]));
    await harness.expectSuccess(ALICE, encodeRequestExit());
    harness.timestamp += 10 * UNBONDING_SECONDS;
    const during = await harness.call(ALICE, encodeWithdraw());
    expect(during.error).toBe(`DepositLocked(${2n ** 256n - 1n})`);
    // Elected before the request was seen: a second term.
    await harness.expectSuccess(SYSTEM_CALLER, encodeOnEpoch(2, [ALICE]));
    harness.timestamp += 10 * UNBONDING_SECONDS;
    await harness.expectSuccess(SYSTEM_CALLER, encodeOnEpoch(3, []));
    const unlockedAt = BigInt(harness.timestamp + UNBONDING_SECONDS);
    expect(await word(harness, data("withdrawableAt", [ALICE]))).toBe(unlockedAt);
    // Later epochs change nothing.
    harness.timestamp += 100;
    await harness.expectSuccess(SYSTEM_CALLER, encodeOnEpoch(4, []));
    harness.timestamp = Number(unlockedAt) - 1;
    expect((await harness.call(ALICE, encodeWithdraw())).error).toBe(`DepositLocked(${unlockedAt})`);
    harness.timestamp += 1;
    await harness.expectSuccess(ALICE, encodeWithdraw());
    expect(harness.balanceOf(VALIDATOR_REGISTRY)).toBe(0n);
  });

  it("cannot be paid twice by calling back", async () => {
    const harness = await RegistryHarness.started();
    await harness.registerReady(BOB, bobKey);
    // Owned by a contract that, when paid, calls withdraw() again and passes a failure on.
    // PUSH4 selector; PUSH0; MSTORE; ... CALL(registry, 28, 4); revert unless it succeeded
    const selector = Buffer.from(encodeWithdraw()).toString("hex");
    const code = hexToBytes(`0x63${selector}5f525f5f6004601c5f61f0015af1601557fe5b00`);
    const evil = account(66);
    harness.view.plant(evil, { balanceWei: 10n ** 24n, code });
    await harness.register(evil, aliceKey);
    await harness.expectSuccess(evil, encodeRequestExit());
    harness.timestamp += UNBONDING_SECONDS;
    expect((await harness.call(evil, encodeWithdraw())).error).toBe("TransferFailed()");
    expect(harness.balanceOf(VALIDATOR_REGISTRY)).toBe(2n * DEPOSIT_PER_SEAT_WEI);
  });
});

describe("the protocol's functions", () => {
  it.each([
    ["initialise", encodeInitialise(1n, 1)],
    [
      "genesisRegister",
      encodeGenesisRegister({
        validator: BOB,
        blsKey: `0x${"ab".repeat(48)}`,
        votingKey: "0x",
        payout: BOB,
        depositWei: 1n,
      }),
    ],
    ["onEpoch", encodeOnEpoch(1, [])],
    ["slash", encodeSlash(ALICE, BOB)],
    ["voidSeat", encodeVoidSeat(ALICE)],
  ])("%s is refused to everybody else", async (_name, call) => {
    const harness = await RegistryHarness.started();
    await harness.registerReady(ALICE, aliceKey);
    expect((await harness.call(ALICE, call)).error).toBe("OnlySystem()");
  });

  it("set up validators in the genesis block and never later", async () => {
    const harness = new RegistryHarness();
    const blsKey = `0x${Buffer.from(aliceKey.compressed).toString("hex")}` as const;
    const votingKey = `0x03${"8c".repeat(32)}` as const;
    const registration = { validator: ALICE, blsKey, votingKey, payout: BOB, depositWei: 4n * DEPOSIT_PER_SEAT_WEI };
    await harness.expectSuccess(SYSTEM_CALLER, encodeInitialise(DEPOSIT_PER_SEAT_WEI, UNBONDING_SECONDS));
    const again = await harness.call(SYSTEM_CALLER, encodeInitialise(1n, 1));
    expect(again.error).toBe("AlreadyInitialised()");
    await harness.expectSuccess(SYSTEM_CALLER, encodeGenesisRegister(registration));
    const small = await harness.call(
      SYSTEM_CALLER,
      encodeGenesisRegister({ ...registration, validator: BOB, depositWei: 1n }),
    );
    expect(small.error).toBe(`DepositTooSmall(1,${DEPOSIT_PER_SEAT_WEI})`);
    await harness.expectSuccess(SYSTEM_CALLER, encodeOnEpoch(0, [ALICE]));
    expect(await harness.candidates()).toEqual([
      {
        validator: ALICE,
        blsKey,
        votingKey,
        payout: BOB,
        depositWei: 4n * DEPOSIT_PER_SEAT_WEI,
        readyAt: 0,
        exitRequestedAt: 0,
        seatVoid: false,
        slashed: false,
        jailed: false,
      },
    ]);
    harness.height = 1;
    const late = await harness.call(SYSTEM_CALLER, encodeGenesisRegister({ ...registration, validator: BOB }));
    expect(late.error).toBe("OnlyAtGenesis()");
  });

  it("initialise is refused after the genesis block", async () => {
    const harness = new RegistryHarness();
    harness.height = 1;
    expect((await harness.call(SYSTEM_CALLER, encodeInitialise(1n, 1))).error).toBe("OnlyAtGenesis()");
  });

  it("count epochs one by one and pass over accounts they do not know", async () => {
    const harness = await RegistryHarness.started();
    const skipping = await harness.call(SYSTEM_CALLER, encodeOnEpoch(2, []));
    expect(skipping.error).toBe("UnexpectedEpoch(2,1)");
    await harness.expectSuccess(SYSTEM_CALLER, encodeOnEpoch(1, [CAROL, BOB]));
    expect(await word(harness, data("currentEpoch"))).toBe(1n);
    expect((await harness.call(SYSTEM_CALLER, encodeOnEpoch(1, []))).error).toBe("UnexpectedEpoch(1,2)");
  });

  it("void a seat until its owner is ready again", async () => {
    const harness = await RegistryHarness.started();
    await harness.registerReady(ALICE, aliceKey);
    await harness.expectSuccess(SYSTEM_CALLER, encodeVoidSeat(ALICE));
    await harness.expectSuccess(SYSTEM_CALLER, encodeVoidSeat(BOB));
    expect((await harness.candidates())[0]).toMatchObject({ seatVoid: true, depositWei: DEPOSIT_PER_SEAT_WEI });
    await harness.expectSuccess(ALICE, encodeReady());
    expect((await harness.candidates())[0]).toMatchObject({ seatVoid: false });
  });
});

describe("the list", () => {
  it("has the bounds that the reader of its answers knows", async () => {
    const harness = await RegistryHarness.started();
    expect(await word(harness, data("VALIDATORS_MAX"))).toBe(BigInt(REGISTRY_VALIDATORS_MAX));
    expect(await word(harness, data("PAGE_MAX"))).toBe(BigInt(REGISTRY_PAGE_MAX));
  });

  it("flaw 37: what a call costs does not grow with the number of validators", async () => {
    const costs = async (others: number) => {
      const harness = new RegistryHarness();
      await harness.expectSuccess(SYSTEM_CALLER, encodeInitialise(DEPOSIT_PER_SEAT_WEI, UNBONDING_SECONDS));
      for (let index = 0; index < others; index++) {
        const blsKey = `0x80${index.toString(16).padStart(94, "0")}` as const;
        const validator = account(100 + index);
        const call = { validator, blsKey, votingKey: "0x", payout: ALICE, depositWei: DEPOSIT_PER_SEAT_WEI } as const;
        await harness.expectSuccess(SYSTEM_CALLER, encodeGenesisRegister(call));
      }
      await harness.expectSuccess(SYSTEM_CALLER, encodeOnEpoch(0, []));
      harness.height = 1;
      const entered = await harness.register(ALICE, aliceKey);
      const ready = await harness.expectSuccess(ALICE, encodeReady());
      const left = await harness.expectSuccess(ALICE, encodeRequestExit());
      return [entered.gasUsed, ready.gasUsed, left.gasUsed];
    };
    // The first entry would also pay for a length that was zero.
    expect(await costs(60)).toEqual(await costs(1));
  });

  it("is read in pages, ends, and refuses more than its maximum", async () => {
    const harness = new RegistryHarness();
    await harness.expectSuccess(SYSTEM_CALLER, encodeInitialise(1n, 1));
    const key = (index: number): `0x${string}` => `0x80${index.toString(16).padStart(94, "0")}`;
    const enrol = (index: number) =>
      harness.call(
        SYSTEM_CALLER,
        encodeGenesisRegister({
          ...{ validator: account(index), blsKey: key(index), payout: ALICE, depositWei: 1n },
          votingKey: `0x02${"5a".repeat(32)}`,
        }),
      );
    const everybody = Array.from({ length: REGISTRY_PAGE_MAX + 4 }, (_, index) => account(index));
    for (const index of everybody.keys()) expect((await enrol(index)).error).toBeNull();
    expect(await word(harness, data("count"))).toBe(BigInt(everybody.length));
    const first = await harness.candidates(0, 5_000);
    expect(first).toHaveLength(REGISTRY_PAGE_MAX);
    const second = await harness.candidates(REGISTRY_PAGE_MAX, 10);
    expect([...first, ...second].map(({ validator }) => validator)).toEqual(everybody);
    expect(await harness.candidates(everybody.length, 10)).toEqual([]);

    const page = await harness.expectSuccess(SYSTEM_CALLER, data("candidates", [0n, 256n]));
    expect(page.gasUsed).toBeLessThan(4_500_000n);
    // 8,200 each: all 1,024 seated at once would stay below the 30 million gas of a system call.
    const turn = await harness.expectSuccess(SYSTEM_CALLER, encodeOnEpoch(0, everybody));
    expect((turn.gasUsed * 1_024n) / BigInt(everybody.length)).toBeLessThan(20_000_000n);

    // The length of the list is in slot 2; enrolling as many as it may hold would take seconds.
    expect(harness.view.getStorage(VALIDATOR_REGISTRY, 2n)).toBe(BigInt(everybody.length));
    harness.view.putStorage(VALIDATOR_REGISTRY, 2n, BigInt(REGISTRY_VALIDATORS_MAX - 1));
    expect((await enrol(2_000)).error).toBeNull();
    expect((await enrol(2_001)).error).toBe("RegistryFull()");
  });
});

import { bytesToHex, type Hash32, ZERO_HASH } from "@festina/primitives";
import { accuseMember, hashEvidence, hashFruit } from "@festina/types";
import { describe, expect, it } from "@jest/globals";
import { ACCOUNTS, address, makeBlock, word } from "../../testing/fakeChain.ts";
import { FRUIT } from "../../testing/fakeSnail.ts";
import { createMethods } from "./methodFixture.ts";

const { backend, call } = createMethods();
const hashOf = (number: number): string => backend.records[number]!.block.hash;

const COMMITTED_2 = {
  kind: "committed",
  epoch: "0x1",
  view: "0x2",
  blockHash: backend.records[2]!.block.hash,
  signers: [0, 1],
  signature: `0x${"07".repeat(96)}`,
};

describe("snail chain", () => {
  it("shows its blocks by number and by hash, with fruits or their hashes", async () => {
    expect(await call("snail_blockNumber")).toBe("0x1");
    const block = (await call("snail_getBlockByNumber", "latest", true)) as { hash: string; fruits: object[] };
    expect(block).toMatchObject({
      number: "0x1",
      anchorNumber: "0x2",
      anchorHash: hashOf(2),
      supports: null,
      packedFruits: "0x1",
      difficulty: "0x3e8",
      totalDifficulty: "0x7d0",
      certificate: COMMITTED_2,
      fruits: [{ hash: hashFruit(FRUIT), supports: address("21"), nonce: "0xffffffffffffffff", packedIn: "0x1" }],
    });
    expect(await call("snail_getBlockByHash", block.hash, true)).toEqual(block);
    expect(await call("snail_getBlockByNumber", "0x1")).toMatchObject({ fruits: [hashFruit(FRUIT)] });
    expect(await call("snail_getBlockByNumber", "earliest")).toMatchObject({
      certificate: null,
      parentHash: ZERO_HASH,
    });
    expect(await call("fruit_getByHash", hashFruit(FRUIT))).toEqual(block.fruits[0]);
  });

  it("answers null for what it does not have", async () => {
    expect(await call("snail_getBlockByNumber", "0x2")).toBeNull();
    expect(await call("snail_getBlockByHash", word("1"))).toBeNull();
    expect(await call("fruit_getByHash", word("1"))).toBeNull();
    await expect(call("snail_getBlockByNumber", "pending")).rejects.toMatchObject({ code: -32602 });
    await expect(call("snail_getBlockByNumber")).rejects.toMatchObject({ code: -32602 });
  });
});

describe("committee", () => {
  it("is shown by epoch, the current one by default", async () => {
    const committee = await call("committee_get", "current");
    expect(committee).toMatchObject({
      epoch: "0x1",
      firstBlock: "0x1",
      lastBlock: null,
      totalSeats: 4,
      quorumSeats: 3,
      members: [
        { address: address("21"), payout: address("22"), publicKey: "0x2324", seats: 3, slashed: true },
        { seats: 1, slashed: false },
      ],
    });
    for (const params of [[], [null], ["0x1"], [1]]) expect(await call("committee_get", ...params)).toEqual(committee);
    expect(await call("committee_get", "0x2")).toBeNull();
    await expect(call("committee_get", "next")).rejects.toMatchObject({ code: -32602 });
  });

  it("explains itself, the draw in quantities", async () => {
    const own = createMethods();
    const base = {
      epoch: "0x1",
      firstBlock: "0x1",
      outcome: "elected",
      draw: null,
      members: [{ seats: 3 }, { seats: 1 }],
    };
    for (const params of [[], ["current"], ["0x1"], [1, true]])
      expect(await own.call("committee_explain", ...params)).toMatchObject(base);
    own.backend.draw = {
      window: { first: 1, last: 6 },
      seed: { domain: "d", beacon: word("b"), beaconNumber: 20, snailHash: word("5"), value: word("5eed") },
      windowStartHeight: 2,
      frozenHeight: 18,
      seats: 4,
      depositPerSeatWei: 100n,
      minValidators: 1,
      sitting: own.backend.committee.byEpoch(1)!.committee,
      voided: [address("31")],
      candidates: [
        {
          address: address("21"),
          payout: address("22"),
          publicKey: "0x23",
          depositWei: 300n,
          readyAt: 17,
          isLeaving: false,
          weight: 50n,
          excluded: null,
          seatsMax: 3,
          seats: 3,
        },
      ],
      offset: 2n ** 63n,
      line: [{ address: address("21"), weight: 50n, order: word("0") }],
      rounds: [{ totalWeight: 50n, points: [{ point: 6n, address: address("21") }] }],
      fruits: [{ hash: word("f"), supports: address("21"), difficulty: 50n }],
    };
    const { draw } = (await own.call("committee_explain", "0x1", true)) as { draw: object };
    expect(draw).toMatchObject({
      window: { first: "0x1", last: "0x6" },
      seed: { beaconNumber: "0x14", value: word("5eed") },
      depositPerSeat: "0x64",
      candidates: [{ deposit: "0x12c", readyAt: "0x11", weight: "0x32", excluded: null, seats: 3 }],
      offset: "0x8000000000000000",
      rounds: [{ totalWeight: "0x32", points: [{ point: "0x6", address: address("21") }] }],
      fruits: [{ hash: word("f"), supports: address("21"), difficulty: "0x32" }],
    });
    expect(await own.call("committee_explain", "0x1")).toMatchObject({ draw: { fruits: 1 } });
    expect(await own.call("committee_explain", "0x2")).toBeNull();
    await expect(own.call("committee_explain", "0x7")).rejects.toMatchObject({
      data: { code: "ELECTION_STATE_MISSING" },
    });
    for (const params of [["next"], [-1], ["0x1", "yes"], [{}]])
      await expect(own.call("committee_explain", ...params)).rejects.toMatchObject({ code: -32602 });
  });

  it("finalises blocks with certificates", async () => {
    expect(await call("committee_getCertificate", "0x2")).toEqual({ ...COMMITTED_2, blockNumber: "0x2" });
    expect(await call("committee_getCertificate", "0x99")).toBeNull();
  });
});

describe("festina", () => {
  it("adds its supply up", async () => {
    expect(await call("festina_supply", "0x1")).toEqual({
      block: "0x1",
      genesis: `0x${(10n ** 24n).toString(16)}`,
      rewards: "0x1f4",
      baseFeeBurned: "0x64",
      slashBurned: "0x14",
      selfDestructBurned: "0x3",
      total: `0x${(10n ** 24n + 500n - 123n).toString(16)}`,
    });
    expect(await call("festina_supply")).toMatchObject({ block: "0x4" });
    expect(await call("festina_supply", "0x99")).toBeNull();
  });

  it("grades the finality of a block", async () => {
    expect(await call("festina_finality", "0x1")).toEqual({
      block: "0x1",
      grade: "anchored",
      certifiedBy: "0x1",
      snailNumber: "0x1",
      snailHash: word("51"),
      depth: "0x2",
    });
    expect(await call("festina_finality", "0x3")).toMatchObject({ grade: "committed", depth: "0x0" });
    expect(await call("festina_finality", "latest")).toMatchObject({
      grade: "committed",
      snailNumber: null,
      depth: null,
    });
    expect(await call("festina_finality", "0x99")).toBeNull();
    await expect(call("festina_finality", "soon")).rejects.toMatchObject({ code: -32602 });
  });

  it("tells what runs contracts", async () => {
    expect(await call("festina_engine")).toEqual({ name: "compiler", compiler: null });
  });

  it("tells its status in a form JSON can hold", async () => {
    const status = await call("festina_status");
    expect(JSON.parse(JSON.stringify(status))).toEqual(status);
    expect(status).toMatchObject({ headNumber: 4, doing: "final" });
  });

  it("invites others with the chain spec in the form of its file, and with addresses", async () => {
    expect(await call("festina_invitation")).toEqual({
      specHash: word("5bec"),
      chainSpec: { name: "test", chainId: "7n" },
      peers: [expect.stringMatching(/^0x[0-9a-f]{64}@127.0.0.1:30000$/)],
    });
  });

  it("shows evidence that waits for a block", async () => {
    const own = createMethods();
    expect(await own.call("committee_getEvidence")).toEqual([]);
    const signature = new Uint8Array(96);
    const statement = (blockHash: Hash32) => ({ kind: "commit", blockHash, signature }) as const;
    const piece = accuseMember({ epoch: 7, view: 2, member: 0 }, statement(word("1")), statement(word("2")))!;
    own.backend.evidence.waiting = () => [piece];
    expect(await own.call("committee_submitEvidence", "0x01")).toBe(ZERO_HASH);
    await expect(own.call("committee_submitEvidence", "0x")).rejects.toMatchObject({
      data: { code: "DECODE_INVALID" },
    });
    await expect(own.call("committee_submitEvidence", 7)).rejects.toMatchObject({ code: -32602 });
    expect(await own.call("committee_getEvidence")).toMatchObject([{ epoch: "0x7", view: "0x2", accused: [null] }]);
  });

  it("decodes the requests of a block", async () => {
    const own = createMethods();
    const certificate = own.backend.committee.certificateFor(2)!.certificate;
    const { committee } = own.backend.committee.byEpoch(1)!;
    const rewards = [{ to: ACCOUNTS[0], amountWei: 16n }];
    const signature = new Uint8Array(96);
    const statement = (blockHash: Hash32) => ({ kind: "prepare", blockHash, signature }) as const;
    const accusation = accuseMember({ epoch: 1, view: 9, member: 0 }, statement(word("1")), statement(word("2")))!;
    const requests = { pointer: FRUIT.header, certificate, rewards, evidence: [accusation], handover: committee };
    own.backend.append(makeBlock(own.backend.records.at(-1)!, [], requests));
    expect(await own.call("festina_requests", "latest")).toEqual({
      snailNumber: "0x1",
      certificate: COMMITTED_2,
      rewards: [{ to: ACCOUNTS[0], amount: "0x10" }],
      evidence: [
        {
          hash: hashEvidence(accusation),
          epoch: "0x1",
          view: "0x9",
          accused: [committee.members[0]!.address],
          statements: [
            { kind: "prepare", blockHash: word("1") },
            { kind: "prepare", blockHash: word("2") },
          ],
        },
      ],
      handover: { epoch: "0x1", members: committee.members },
    });
    expect(await own.call("festina_requests")).toEqual(await own.call("festina_requests", "0x5"));
    expect(await own.call("festina_requests", "0x1")).toEqual({
      snailNumber: null,
      certificate: null,
      rewards: [],
      evidence: [],
      handover: null,
    });
    expect(await own.call("festina_requests", "0x99")).toBeNull();
  });
});

describe("debug", () => {
  it("pages through all accounts", async () => {
    const first = (await call("debug_accountRange", "latest", ZERO_HASH, 2)) as { accounts: object; next: string };
    const account = { balance: (10n ** 20n).toString(), nonce: 1, root: word("5707"), codeHash: word("c0de") };
    expect(first).toEqual({
      root: word("5a4"),
      accounts: {
        [ACCOUNTS[0]]: { ...account, address: ACCOUNTS[0], key: word("1") },
        [word("2")]: { ...account, address: null, key: word("2") },
      },
      next: word("3"),
    });
    const last = await call("debug_accountRange", "latest", first.next, "0x3e8");
    expect(last).toMatchObject({ accounts: { [word("3")]: { key: word("3") } }, next: null });
    const all = (await call("debug_accountRange", "latest")) as { accounts: object };
    expect(Object.keys(all.accounts)).toHaveLength(3);
  });

  it.each<[unknown[], number]>([
    [["latest", "0x12", 2], -32602],
    [["latest", ZERO_HASH, 1_001], -32602],
    [["0x99", ZERO_HASH, 2], -32000],
    [["0x0", ZERO_HASH, 2], -32000],
  ])("does not page with %j", async (params, code) => {
    await expect(call("debug_accountRange", ...params)).rejects.toMatchObject({ code });
  });

  it("gives raw bytes", async () => {
    const { block } = backend.records[2]!;
    expect(await call("debug_getRawTransaction", block.transactions[0]!.hash)).toBe(
      bytesToHex(block.transactions[0]!.encoded),
    );
    expect(await call("debug_getRawTransaction", word("1"))).toBeNull();
    const { size } = (await call("eth_getBlockByNumber", "0x2", false)) as { size: string };
    expect(((await call("debug_getRawBlock", "0x2")) as string).length).toBe(2 + 2 * Number(size));
    await expect(call("debug_getRawHeader", "0x99")).rejects.toMatchObject({ code: -32000 });
  });
});

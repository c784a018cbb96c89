import { FRUIT, type RpcFixture, startFixture, word } from "@festina/rpc/testing";
import { hashFruit } from "@festina/types";
import { afterAll, beforeAll, describe, expect, it } from "@jest/globals";
import { type Address, createClient, createPublicClient, custom, http, numberToHex } from "viem";
import { type FestinaActions, festinaActions } from "../src/index.ts";

const ALICE: Address = "0x70997970c51812dc3a010c7d01b50e0d17dc79c8";
const NO_WORK: Address = `0x${"00".repeat(20)}`;
let fixture: RpcFixture;
let client: FestinaActions;
/** Methods that the client under test has called. */
const called = new Set<string>();

beforeAll(async () => {
  fixture = await startFixture();
  const request = async ({ method, params }: { method: string; params?: readonly unknown[] }): Promise<unknown> => {
    called.add(method);
    return fixture.result(method, ...(params ?? []));
  };
  client = createClient({ transport: custom({ request }, { retryCount: 0 }) }).extend(festinaActions);
});
afterAll(async () => {
  await fixture.close();
  expect(fixture.methodErrors).toEqual([]);
});

const hashOf = (number: number) => fixture.backend.records[number]!.block.hash;

/** The paths of all fields, however deep; those that are not there are none. */
function keysOf(value: unknown, path = ""): readonly string[] {
  if (value === null || typeof value !== "object" || path.endsWith(".chainSpec")) return [path];
  const present = Object.entries(value).filter(([, part]) => part !== undefined);
  return present.flatMap(([key, part]) => keysOf(part, `${path}.${key}`)).sort();
}

describe("the snail chain", () => {
  it("is read by number and by hash, with fruits or their hashes", async () => {
    expect(await client.getSnailBlockNumber()).toBe(1n);
    const block = await client.getSnailBlock({ includeFruits: true });
    expect(block).toMatchObject({ number: 1n, anchorNumber: 2n, supports: null, difficulty: 1_000n });
    expect(block?.certificate).toMatchObject({ kind: "committed", epoch: 1n, view: 2n, signers: [0, 1] });
    expect(block?.fruits).toMatchObject([{ hash: hashFruit(FRUIT), nonce: 2n ** 64n - 1n, packedIn: 1n }]);
    expect(await client.getSnailBlock({ blockHash: block!.hash, includeFruits: true })).toEqual(block);
    expect((await client.getSnailBlock({ blockNumber: 1n }))?.fruits).toEqual([hashFruit(FRUIT)]);
    expect((await client.getSnailBlock({ blockNumber: "earliest" }))?.certificate).toBeNull();
    expect(await client.getSnailBlock({ blockNumber: 9n })).toBeNull();
  });

  it("tells fruits, pay and work", async () => {
    expect(await client.getFruit({ hash: hashFruit(FRUIT) })).toMatchObject({ packedIn: 1n });
    expect(await client.getFruit({ hash: word("1") })).toBeNull();
    expect(await client.getWaitingFruits({ max: 3 })).toMatchObject([{ packedIn: null }]);
    expect(await client.getSnailRewards({ address: ALICE, fromBlock: "earliest", toBlock: "latest" })).toMatchObject({
      paid: 0n,
      blocks: [],
    });
    expect(await client.getSnailBlockRewards({ blockNumber: 1n })).toMatchObject({ payments: [{ amount: 90n }] });
    expect(await client.getSnailBlockRewards({ blockNumber: 7n })).toBeNull();
    expect((await client.getExpectedReward()).perHour).toBeNull();
    expect((await client.getExpectedReward({ hashesPerSecond: 1_000n })).perHour).toBeGreaterThan(0n);
    const work = await client.getWork({ payout: ALICE, supports: ALICE });
    expect(work).toMatchObject({ workId: "w1", fruitTarget: 16n, difficulty: 1_000n });
    expect(await client.submitWork({ workId: work.workId, nonce: 5n })).toEqual({ fruit: word("f1"), block: null });
    expect(await client.getPowSample({ powKey: word("da7a") })).toHaveLength(2 + 2 * 64);
    expect(await client.getPowSample({ powKey: word("1") })).toBeNull();
    await expect(client.getWork({ payout: NO_WORK })).rejects.toThrow("this node prepares no work");
    await expect(client.submitWork({ workId: "other", nonce: 0n })).rejects.toThrow("no such work");
  });
});

describe("the committee", () => {
  it("is read by epoch, with its certificates and what it is accused of", async () => {
    const committee = await client.getCommittee();
    expect(committee).toMatchObject({ epoch: 1n, firstBlock: 1n, lastBlock: null });
    expect(committee?.members.every(({ slashed }) => typeof slashed === "boolean")).toBe(true);
    expect(await client.getCommittee({ epoch: 5n })).toBeNull();
    expect(await client.explainCommittee({ epoch: 1n, includeFruits: true })).toMatchObject({ epoch: 1n, draw: null });
    expect(await client.explainCommittee({ epoch: 5n })).toBeNull();
    const certificate = await client.getCertificate({ blockNumber: 2n });
    expect(certificate).toMatchObject({ kind: "committed", blockHash: hashOf(2), blockNumber: 2n });
    expect(await client.getCertificate({ blockHash: hashOf(2) })).toEqual(certificate);
    expect(await client.getElection()).toMatchObject({
      epoch: 2n,
      phase: "collecting",
      window: { first: 1n, last: 6n },
    });
    expect(await client.getEvidence()).toEqual([]);
    expect(await client.submitEvidence({ evidence: "0x01" })).toBe(word("0"));
    await expect(client.submitEvidence({ evidence: "0x" })).rejects.toThrow("evidence: item is missing");
  });
});

describe("the node, and how final blocks are", () => {
  it("is told", async () => {
    expect(await client.getNodeStatus()).toMatchObject({ headNumber: 4, ahead: { fast: null, snail: null } });
    expect((await client.getPeers()).peers.length).toBeGreaterThan(0);
    expect(typeof (await client.getEngine()).name).toBe("string");
    expect((await client.getInvitation()).specHash).toMatch(/^0x/);
    expect(await client.getSupply({ blockTag: "finalized" })).toMatchObject({ block: 4n, rewards: 500n });
    expect(await client.getHybridRequests({ blockNumber: 2n })).toMatchObject({ rewards: [], evidence: [] });
    expect(await client.getFinality({ blockNumber: 1n })).toMatchObject({ grade: "anchored", depth: 2n });
    expect(await client.getFinality()).toMatchObject({ block: 4n, grade: "committed", snailNumber: null });
    expect(await client.getAnchoredBlock()).toMatchObject({ hash: hashOf(2), number: 2n });
    expect(await client.waitForAnchor({ blockNumber: 1n })).toMatchObject({ grade: "anchored", snailNumber: 1n });
    await expect(client.waitForAnchor({ blockNumber: 4n, timeout: 20, pollingInterval: 5 })).rejects.toMatchObject({
      code: "ANCHOR_TIMEOUT",
    });
  });

  it("waits for the block of a transaction", async () => {
    const hash = fixture.backend.records[1]!.block.transactions[0]!.hash;
    const overHttp = createPublicClient({ transport: http(fixture.server.url) }).extend(festinaActions);
    expect(await overHttp.waitForAnchor({ hash, pollingInterval: 5 })).toMatchObject({ block: 1n });
  });
});

describe("what is asked", () => {
  const HASH = word("ab");
  it.each<[string, (client: FestinaActions) => Promise<unknown>, string, readonly unknown[]]>([
    ["a block", (one) => one.getSnailBlock(), "snail_getBlockByNumber", ["latest", false]],
    ["by height", (one) => one.getSnailBlock({ blockNumber: 7n }), "snail_getBlockByNumber", ["0x7", false]],
    ["by hash", (one) => one.getSnailBlock({ blockHash: HASH }), "snail_getBlockByHash", [HASH, false]],
    ["with fruits", (one) => one.getSnailBlock({ includeFruits: true }), "snail_getBlockByNumber", ["latest", true]],
    ["a fruit", (one) => one.getFruit({ hash: HASH }), "fruit_getByHash", [HASH]],
    ["all that wait", (one) => one.getWaitingFruits(), "fruit_getWaiting", []],
    ["some that wait", (one) => one.getWaitingFruits({ max: 3 }), "fruit_getWaiting", ["0x3"]],
    [
      "pay",
      (one) => one.getSnailRewards({ address: ALICE, fromBlock: 2n, toBlock: "latest" }),
      "snail_getRewards",
      [ALICE, "0x2", "latest"],
    ],
    ["pay of a block", (one) => one.getSnailBlockRewards({ blockNumber: 2n }), "snail_getBlockRewards", ["0x2"]],
    ["pay to come", (one) => one.getExpectedReward({ hashesPerSecond: 255n }), "snail_expectedReward", ["0xff"]],
    ["work", (one) => one.getWork({ payout: ALICE }), "snail_getWork", [ALICE]],
    ["work for", (one) => one.getWork({ payout: ALICE, supports: NO_WORK }), "snail_getWork", [ALICE, NO_WORK]],
    ["a nonce", (one) => one.submitWork({ workId: "w", nonce: 16n }), "snail_submitWork", ["w", "0x10"]],
    ["a sample", (one) => one.getPowSample({ powKey: HASH }), "snail_getPowSample", [HASH]],
    ["the committee", (one) => one.getCommittee(), "committee_get", ["current"]],
    ["of an epoch", (one) => one.getCommittee({ epoch: 0n }), "committee_get", ["0x0"]],
    ["a draw", (one) => one.explainCommittee({ epoch: 3n }), "committee_explain", ["0x3", false]],
    ["all of a draw", (one) => one.explainCommittee({ includeFruits: true }), "committee_explain", ["current", true]],
    ["a certificate", (one) => one.getCertificate({ blockNumber: 9n }), "committee_getCertificate", ["0x9"]],
    ["evidence", (one) => one.submitEvidence({ evidence: "0x0102" }), "committee_submitEvidence", ["0x0102"]],
    ["the newest", (one) => one.getFinality(), "festina_finality", ["latest"]],
    ["a tag", (one) => one.getSupply({ blockTag: "anchored" }), "festina_supply", ["anchored"]],
    ["a hash", (one) => one.getHybridRequests({ blockHash: HASH }), "festina_requests", [{ blockHash: HASH }]],
    ["the anchored block", (one) => one.getAnchoredBlock(), "eth_getBlockByNumber", ["anchored", false]],
  ])("%s", async (_, act, method, params) => {
    const asked: unknown[] = [];
    const request = async (sent: object): Promise<never> => {
      asked.push(sent);
      throw new Error("no answer");
    };
    const mute = createClient({ transport: custom({ request }, { retryCount: 0 }) }).extend(festinaActions);
    await expect(act(mute)).rejects.toThrow("no answer");
    expect(asked).toEqual([{ method, params }]);
  });
});

describe("all of it", () => {
  it("has an action for every method that only this chain has", async () => {
    const described = (await fixture.result("rpc.discover")) as { methods: readonly { name: string }[] };
    const ours = described.methods
      .map(({ name }) => name)
      .filter((name) => /^(snail|fruit|committee|festina)_/.test(name));
    // Pushed over a socket that viem gives no access to; `festina_compile` serves the page.
    const left = ["snail_subscribe", "snail_unsubscribe", "festina_compile"];
    expect(ours.filter((name) => !called.has(name) && !left.includes(name))).toEqual([]);
    expect(ours.length).toBeGreaterThan(20);
  });

  /** Calls every action that reads, with parameters that it takes. */
  function readAll(from: FestinaActions): readonly [string, () => Promise<unknown>][] {
    return [
      ["getSnailBlockNumber", () => from.getSnailBlockNumber()],
      ["getSnailBlock", () => from.getSnailBlock()],
      ["getFruit", () => from.getFruit({ hash: word("1") })],
      ["getWaitingFruits", () => from.getWaitingFruits()],
      ["getSnailRewards", () => from.getSnailRewards({ address: ALICE, fromBlock: 0n, toBlock: 1n })],
      ["getSnailBlockRewards", () => from.getSnailBlockRewards({ blockNumber: 1n })],
      ["getExpectedReward", () => from.getExpectedReward()],
      ["getWork", () => from.getWork({ payout: ALICE })],
      ["submitWork", () => from.submitWork({ workId: "w1", nonce: 1n })],
      ["getPowSample", () => from.getPowSample({ powKey: word("1") })],
      ["getCommittee", () => from.getCommittee()],
      ["explainCommittee", () => from.explainCommittee()],
      ["getCertificate", () => from.getCertificate()],
      ["getElection", () => from.getElection()],
      ["getEvidence", () => from.getEvidence()],
      ["submitEvidence", () => from.submitEvidence({ evidence: "0x01" })],
      ["getNodeStatus", () => from.getNodeStatus()],
      ["getPeers", () => from.getPeers()],
      ["getEngine", () => from.getEngine()],
      ["getInvitation", () => from.getInvitation()],
      ["getSupply", () => from.getSupply()],
      ["getHybridRequests", () => from.getHybridRequests()],
      ["getFinality", () => from.getFinality()],
    ];
  }

  it("leaves out nothing that the node tells", async () => {
    let raw: unknown;
    const request = async ({ method, params }: { method: string; params?: readonly unknown[] }): Promise<unknown> => {
      raw = await fixture.result(method, ...(params ?? []));
      return raw;
    };
    const reader = createClient({ transport: custom({ request }, { retryCount: 0 }) }).extend(festinaActions);
    for (const [name, read] of readAll(reader)) expect([name, keysOf(await read())]).toEqual([name, keysOf(raw)]);
  });

  it("tells what is wrong with an answer that is none", async () => {
    const junk = [7, "0x", "0xzz", true, {}, { number: "1" }, { hash: null }, [null], undefined];
    for (const answer of junk) {
      const liar = createClient({ transport: custom({ request: async () => answer }, { retryCount: 0 }) });
      for (const [name, read] of readAll(liar.extend(festinaActions))) {
        if (name === "getPowSample" && answer === "0x") continue;
        await expect({ name, answer, error: await read().catch((error) => error.code) }).toEqual({
          name,
          answer,
          error: "ANSWER_INVALID",
        });
      }
    }
  });

  it("names the place in an answer that is nearly right", async () => {
    const right = (await fixture.result("committee_get", "current")) as { members: { seats: unknown }[] };
    right.members[0]!.seats = numberToHex(3);
    const liar = createClient({ transport: custom({ request: async () => right }, { retryCount: 0 }) });
    await expect(liar.extend(festinaActions).getCommittee()).rejects.toThrow(
      'committee_get.members[0].seats should be an integer, but is "0x3"',
    );
  });
});

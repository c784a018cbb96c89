// What is sent through a light node and is in no block: sent again, told, kept, and at last found or given up.
import { addressOfSecretKey } from "@festina/crypto";
import { decodeFrame } from "@festina/network";
import { createPrng, hexToBytes } from "@festina/primitives";
import { TABLE, tableKey } from "@festina/storage";
import { signTransaction } from "@festina/types";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "@jest/globals";
import type { FestinaNode } from "../../src/index.ts";
import { MEMBER_ADDRESSES } from "../committee/committee.ts";
import { fieldsOf, LightUnderTest } from "./lightUnderTest.ts";

describe("a light node with a transaction that nobody takes into a block", () => {
  const world = new LightUnderTest();
  const { net, result } = world;

  beforeAll(async () => {
    await world.startCommittee();
    await world.fund(sender);
  }, 120_000);
  afterEach(() => world.stop());
  afterAll(() => net.stopAll());

  const LIGHT_INDEX = 50;
  let sentFrames = 0;

  /** What the light node sends of this kind is counted, and is lost on its way while `isLost` says so. */
  function losing(isLost: () => boolean): void {
    sentFrames = 0;
    net.change = (from, frame) => {
      const decoded = from === LIGHT_INDEX ? decodeFrame(frame) : null;
      if (decoded?.ok !== true || decoded.value.type !== "transactions") return [frame];
      sentFrames += 1;
      return isLost() ? [] : [frame];
    };
  }
  afterEach(() => {
    net.change = (_from, frame) => [frame];
  });

  const secret = new Uint8Array(32).fill(0x78);
  const sender = addressOfSecretKey(secret);

  const full = () => net.node(0).backend;
  const transfer = (nonce: bigint, valueWei = 1n) => signTransaction(fieldsOf({ nonce, valueWei }), secret);
  async function beginFunded(): Promise<FestinaNode> {
    const light = await world.begin();
    const height = full().chain.head();
    await net.until("the light node has come as far", () => light.backend.chain.head() >= height);
    return light;
  }
  const waitingOf = (light: FestinaNode) => light.backend.status().sent ?? [];
  async function submit(light: FestinaNode, encoded: Uint8Array): Promise<unknown> {
    let answer: unknown = null;
    void light.backend.pool.submit(encoded).then((submitted) => {
      answer = submitted.ok ? submitted.value : submitted.error.code;
    });
    await net.until("an answer", () => answer !== null);
    return answer;
  }

  it("sends it again, more and more seldom, until it is in one, and tells so meanwhile", async () => {
    const light = await beginFunded();
    let isLost = true;
    losing(() => isLost);
    const { hash, encoded, nonce } = transfer(full().pool.nextNonce(sender));
    expect(await submit(light, encoded)).toBe(hash);
    expect(waitingOf(light)).toMatchObject([{ hash, from: sender, nonce: Number(nonce), sentAgain: 0, problem: null }]);
    expect(await submit(light, encoded)).toBe("POOL_KNOWN");
    const began = net.clock.nowMs();
    // After 4, 12, 28 and 60 s, to four peers each, and to all of them the first time.
    await net.until("it is sent a fourth time", () => waitingOf(light)[0]?.sentAgain === 4, 90_000);
    expect(net.clock.nowMs() - began).toBeGreaterThanOrEqual(60_000);
    expect(waitingOf(light)).toMatchObject([{ hash, isGivenUp: false }]);
    expect(sentFrames).toBe(5 * MEMBER_ADDRESSES.length);
    expect(light.backend.status().pooledTransactions).toBe(1);
    isLost = false;
    await net.until("it is final", () => full().chain.transactionLocation(hash) !== undefined, 120_000);
    await net.until("the light node knows", () => waitingOf(light).length === 0, 600_000);
    expect(await result("eth_getTransactionReceipt", hash)).toMatchObject({ transactionHash: hash, status: "0x1" });
  }, 120_000);

  it("keeps it when it is stopped, whatever else lies in its store, and sends it again", async () => {
    const light = await beginFunded();
    let isLost = true;
    losing(() => isLost);
    const { hash, encoded } = transfer(full().pool.nextNonce(sender));
    expect(await submit(light, encoded)).toBe(hash);
    const [before] = waitingOf(light);
    await world.stop();
    const garbage = createPrng(4);
    const place = (index: number) => tableKey(TABLE.sentTransaction, new Uint8Array(32).fill(index));
    const own = world.kept.store.get(tableKey(TABLE.sentTransaction, hexToBytes(hash))) as Uint8Array;
    const values = [new Uint8Array(0), garbage.bytes(90), own.slice(0, -1), own.with(own.length - 1, 0xff)];
    await world.kept.store.write(values.map((value, index) => ({ type: "put", key: place(index), value })));
    const again = await world.begin(MEMBER_ADDRESSES, world.kept);
    expect(net.events("sentUnreadable").at(-1)?.facts["count"]).toBeGreaterThanOrEqual(3);
    expect(waitingOf(again)).toEqual(
      expect.arrayContaining([expect.objectContaining({ hash, sentAgain: before?.sentAgain })]),
    );
    isLost = false;
    await net.until("it is final", () => full().chain.transactionLocation(hash) !== undefined, 120_000);
    await net.until("the light node knows", () => waitingOf(again).every((waiting) => waiting.hash !== hash), 600_000);
    const key = tableKey(TABLE.sentTransaction, hexToBytes(hash));
    await net.until("and keeps it no longer", () => world.kept.store.get(key) === undefined);
  }, 120_000);

  it("ends it where another of its nonce is final", async () => {
    const light = await beginFunded();
    losing(() => true);
    const nonce = full().pool.nextNonce(sender);
    const { hash, encoded } = transfer(nonce);
    expect(await submit(light, encoded)).toBe(hash);
    const other = transfer(nonce, 2n);
    await full().pool.submit(other.encoded);
    await net.until("the other is final", () => full().chain.transactionLocation(other.hash) !== undefined);
    await net.until("the light node knows", () => waitingOf(light).length === 0, 600_000);
    expect(await result("eth_getTransactionByHash", hash)).toBeNull();
    expect(await result("eth_getTransactionReceipt", hash)).toBeNull();
    expect(await submit(light, encoded)).toBe("POOL_NONCE_TOO_LOW");
  }, 120_000);

  it("takes only so many", async () => {
    const light = await beginFunded();
    losing(() => true);
    const first = full().pool.nextNonce(sender);
    const answers: unknown[] = [];
    for (let index = 0n; index < 258n; index++)
      answers.push(await submit(light, transfer(first + (index % 2n), index).encoded));
    expect(answers.slice(256)).toEqual(["POOL_FULL", "POOL_FULL"]);
    expect(answers.slice(0, 256)).not.toContain("POOL_FULL");
    expect([light.backend.status().pooledTransactions, waitingOf(light).length]).toEqual([256, 32]);
  }, 120_000);
});

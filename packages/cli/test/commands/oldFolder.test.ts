// A data folder as format 3 had it, opened by the program of today.
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { openLevelStore } from "@festina/adapters";
import { createRpcClient } from "@festina/rpc";
import { afterAll, beforeAll, describe, expect, it } from "@jest/globals";
import { startDev } from "../devUnderTest.ts";

const ALICE = "0xf39fd6e51aad88f6f4ce6ab8827279cfffb92266";
const BOB = "0x70997970c51812dc3a010c7d01b50e0d17dc79c8";
/** As docs/spec/storage.md has them. */
const [META, SLOTS, PAGES] = [0x01, 0x31, 0x36] as const;
const FORMAT = Uint8Array.of(META, ...new TextEncoder().encode("formatVersion"));
const word = (value: bigint): string => value.toString(16).padStart(64, "0");
const WRITES = Array.from({ length: 40 }, (_, index): readonly [bigint, bigint] => [
  index < 30 ? BigInt(index) : BigInt(index) << 200n,
  BigInt(index + 1) ** 40n % 2n ** 256n,
]);
/** Creation code that stores them and leaves a contract without code of its own. */
const CREATION = `0x${WRITES.map(([slot, value]) => `7f${word(value)}7f${word(slot)}55`).join("")}00`;

interface Facts {
  readonly block: { readonly number: string; readonly hash: string; readonly stateRoot: string };
  readonly balances: readonly string[];
  readonly slots: readonly string[];
}

/** What a page holds, by place. */
function slotsOf(page: Uint8Array): readonly (readonly [place: number, value: Uint8Array])[] {
  const bitmap = ((page[0] as number) << 8) | (page[1] as number);
  const places = Array.from({ length: 16 }, (_, place) => place).filter((place) => (bitmap >> place) & 1);
  let at = 2;
  return places.map((place, index) => {
    const isLast = index === places.length - 1;
    const length = isLast ? page.length - at : (page[at++] as number);
    at += length;
    return [place, page.slice(at - length, at)];
  });
}

/** Lays storage as format 3 had it. Answers with how many slots there are. */
async function makeOld(folder: string): Promise<number> {
  const store = await openLevelStore(join(folder, "chain"));
  const pages = await store.entries({ from: Uint8Array.of(PAGES), to: Uint8Array.of(PAGES + 1) });
  const slots = pages.flatMap(([key, page]) =>
    slotsOf(page).map(([place, value]) => {
      const old = Uint8Array.from(key);
      old[0] = SLOTS;
      old[old.length - 1] = (old[old.length - 1] as number) | place;
      return { type: "put", key: old, value } as const;
    }),
  );
  const version = { type: "put", key: FORMAT, value: Uint8Array.of(0, 0, 0, 0, 0, 0, 0, 3) } as const;
  await store.write([...pages.map(([key]) => ({ type: "del", key }) as const), ...slots, version], { sync: true });
  await store.close();
  return slots.length;
}

describe("a folder of format 3", () => {
  const folder = mkdtempSync(join(tmpdir(), "festina-old-folder-"));
  let before: Facts;
  let contract = "";

  async function read(url: string): Promise<Facts> {
    const node = createRpcClient(url);
    const { number, hash, stateRoot } = await node.call<Facts["block"]>("eth_getBlockByNumber", ["latest", false]);
    const balances = await Promise.all([ALICE, BOB].map((who) => node.call<string>("eth_getBalance", [who, "latest"])));
    const asked = [...WRITES.map(([slot]) => slot), 31n, 5_000n];
    const slots = await Promise.all(
      asked.map((slot) => node.call<string>("eth_getStorageAt", [contract, `0x${slot.toString(16)}`, "latest"])),
    );
    return { block: { number, hash, stateRoot }, balances, slots };
  }

  beforeAll(async () => {
    const dev = await startDev("--data-dir", folder);
    const node = createRpcClient(dev.url);
    const sent = await node.call<string>("eth_sendTransaction", [{ from: ALICE, data: CREATION, gas: "0x200000" }]);
    await node.call("eth_sendTransaction", [{ from: ALICE, to: BOB, value: "0x1234" }]);
    contract = (await node.call<{ contractAddress: string }>("eth_getTransactionReceipt", [sent])).contractAddress;
    before = await read(dev.url);
    await dev.stop();
  }, 60_000);

  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  it("is converted at the start, with the same root, balances and slots, and goes on", async () => {
    expect(await makeOld(folder)).toBeGreaterThanOrEqual(WRITES.length);
    const dev = await startDev("--data-dir", folder);
    const after = await read(dev.url);
    expect(after).toEqual(before);
    expect(after.slots).toEqual([...WRITES.map(([, value]) => `0x${word(value)}`), `0x${word(0n)}`, `0x${word(0n)}`]);
    const node = createRpcClient(dev.url);
    await node.call("eth_sendTransaction", [{ from: ALICE, to: BOB, value: "0x1" }]);
    expect(await node.call("eth_getBalance", [BOB, "latest"])).toBe(
      `0x${(BigInt(before.balances[1] as string) + 1n).toString(16)}`,
    );
    await dev.stop();
    const store = await openLevelStore(join(folder, "chain"));
    expect(store.get(FORMAT)?.[7]).toBe(4);
    expect(await store.entries({ from: Uint8Array.of(SLOTS), to: Uint8Array.of(SLOTS + 1) })).toEqual([]);
    await store.close();
  }, 60_000);
});

// Whoever distrusts an election recomputes it from one answer: the code here knows the paper's rules, not the client's.

import { keccak256 } from "@festina/crypto";
import { bytesToHex, concatBytes, type Hex, hexToBytes } from "@festina/primitives";
import { createRpcClient, createRpcServer, type RpcServer } from "@festina/rpc";
import { afterAll, beforeAll, describe, expect, it, jest } from "@jest/globals";
import { aSpec, CommitteeNetwork, DEPOSIT_WEI, OWNERS } from "../committee/committee.ts";

jest.setTimeout(60_000);

interface Told {
  readonly outcome: string;
  readonly firstBlock: string;
  readonly members: readonly { readonly address: string; readonly seats: number }[];
  readonly draw: {
    readonly window: { readonly first: string; readonly last: string };
    readonly seed: { domain: string; beacon: Hex; beaconNumber: string; snailHash: Hex; value: Hex };
    readonly windowStartHeight: string;
    readonly frozenHeight: string;
    readonly seats: number;
    readonly depositPerSeat: string;
    readonly minValidators: number;
    readonly voided: readonly string[];
    readonly candidates: readonly {
      readonly address: Hex;
      readonly deposit: string;
      readonly readyAt: string;
      readonly isLeaving: boolean;
      readonly excluded: string | null;
      readonly seats: number;
    }[];
    readonly offset: string;
    readonly rounds: readonly { readonly points: readonly { readonly point: string; readonly address: string }[] }[];
    readonly fruits: readonly { readonly hash: Hex; readonly supports: string; readonly difficulty: string }[];
  };
}

/** Seats by address, in the committee's order. */
function recompute({ draw }: Told): readonly { readonly address: string; readonly seats: number }[] {
  const ascii = Uint8Array.from([...draw.seed.domain].map((letter) => letter.charCodeAt(0)));
  const seed = keccak256(concatBytes(ascii, hexToBytes(draw.seed.beacon), hexToBytes(draw.seed.snailHash)));
  const weightOf = (address: string): bigint =>
    draw.fruits.reduce((sum, fruit) => (fruit.supports === address ? sum + BigInt(fruit.difficulty) : sum), 0n);
  const line = draw.candidates
    .filter(({ isLeaving, readyAt }) => !isLeaving && BigInt(readyAt) >= BigInt(draw.windowStartHeight))
    .map(({ address, deposit }) => ({
      address,
      weight: weightOf(address),
      cap: Math.min(draw.seats, Number(BigInt(deposit) / BigInt(draw.depositPerSeat))),
      order: bytesToHex(keccak256(concatBytes(seed, hexToBytes(address)))),
      seats: 0,
    }))
    .filter(({ weight, cap }) => weight > 0n && cap > 0)
    .sort((a, b) => (a.order < b.order ? -1 : 1));
  const u = BigInt(bytesToHex(keccak256(concatBytes(seed, Uint8Array.of(0))).subarray(0, 8)));
  for (let left = draw.seats; left > 0; ) {
    const open = line.filter(({ seats, cap }) => seats < cap);
    const total = open.reduce((sum, { weight }) => sum + weight, 0n);
    if (open.length === 0) break;
    const drawn = new Map<string, number>();
    for (let seat = 0n; seat < BigInt(left); seat++) {
      let point = (((seat << 64n) + u) * total) / (BigInt(left) << 64n);
      const winner = open.find(({ weight }) => {
        if (point < weight) return true;
        point -= weight;
        return false;
      });
      drawn.set(winner!.address, (drawn.get(winner!.address) ?? 0) + 1);
    }
    for (const entrant of open) {
      const taken = Math.min(drawn.get(entrant.address) ?? 0, entrant.cap - entrant.seats);
      entrant.seats += taken;
      left -= taken;
    }
  }
  const voided = new Set(draw.voided);
  return line.flatMap(({ address, seats }) => (seats > 0 && !voided.has(address) ? [{ address, seats }] : []));
}

describe("committee_explain", () => {
  const committee = new CommitteeNetwork(aSpec({}, { handoverLookaheadMs: 0 }), [0]);
  let server: RpcServer;
  const table = { call: (method: string, ...params: unknown[]) => createRpcClient(server.url).call(method, params) };
  const explain = (...params: unknown[]) => table.call("committee_explain", ...params) as Promise<Told>;

  beforeAll(async () => {
    await committee.start(0, 1, 2, 3);
    server = await createRpcServer(committee.node(1).backend, { host: "127.0.0.1", port: 0, clock: committee.clock });
    const epoch = () => committee.node(1).backend.committee.currentEpoch();
    await committee.until("two elections", () => epoch() >= 2, 300_000);
  });
  afterAll(async () => {
    await server.close();
    await committee.stopAll();
  });

  it("gives all that is needed to draw every committee again", async () => {
    const current = Number(((await table.call("committee_get")) as { epoch: string }).epoch);
    for (let epoch = 1; epoch <= current; epoch++) {
      const told = JSON.parse(JSON.stringify(await explain(`0x${epoch.toString(16)}`, true))) as Told;
      const seated = (await table.call("committee_get", `0x${epoch.toString(16)}`)) as Told;
      const seats = seated.members.map(({ address, seats }) => ({ address, seats }));
      expect(recompute(told)).toEqual(seats);
      expect(told.members.map(({ address, seats }) => ({ address, seats }))).toEqual(seats);
      expect(told).toMatchObject({ outcome: "elected", firstBlock: seated.firstBlock });
      expect(told.draw.candidates.map(({ address }) => address).sort()).toEqual([...OWNERS].sort());
      // What it names is on the chains.
      const block = (await table.call("eth_getBlockByNumber", told.draw.seed.beaconNumber, false)) as {
        mixHash: string;
      };
      expect(block.mixHash).toBe(told.draw.seed.beacon);
      const last = (await table.call("snail_getBlockByNumber", told.draw.window.last)) as { hash: string };
      expect(last.hash).toBe(told.draw.seed.snailHash);
      const packed: string[] = [];
      for (let number = Number(told.draw.window.first); number <= Number(told.draw.window.last); number++)
        packed.push(...((await table.call("snail_getBlockByNumber", number)) as { fruits: string[] }).fruits);
      expect(told.draw.fruits.map(({ hash }) => hash).sort()).toEqual(packed.sort());
      expect(told.draw.rounds.reduce((sum, { points }) => sum + points.length, 0)).toBeGreaterThanOrEqual(100);
    }
  });

  it("names the deposits and the frozen window, and fruits only on demand", async () => {
    const { draw } = (await explain("current")) as unknown as { draw: Record<string, unknown> };
    expect(draw["fruits"]).toEqual(expect.any(Number));
    expect(draw).toMatchObject({ seats: 100, minValidators: 1, voided: [] });
    expect((draw as unknown as Told["draw"]).candidates.map(({ deposit }) => BigInt(deposit))).toEqual(
      OWNERS.map(() => DEPOSIT_WEI),
    );
    expect(Number(draw["frozenHeight"])).toBeGreaterThan(Number(draw["windowStartHeight"]));
  });

  it("says that the first committee was not drawn, and knows nothing of the future", async () => {
    expect(await explain("0x0")).toMatchObject({ outcome: "genesis", draw: null, members: { length: OWNERS.length } });
    expect(await explain("0x999")).toBeNull();
  });

  it("grades blocks by how deep the snail chain has them", async () => {
    const { chain, snail } = committee.node(1).backend;
    const anchored = chain.anchored();
    expect(anchored).toBeGreaterThan(0);
    const grade = (number: number) => table.call("festina_finality", number);
    expect(await grade(anchored)).toMatchObject({ grade: "anchored" });
    const tag = (await table.call("eth_getBlockByNumber", "anchored", false)) as { number: string };
    expect(Number(tag.number)).toBe(anchored);
    expect(await grade(chain.head())).toMatchObject({ grade: "committed" });
    expect(await grade(chain.head() + 1)).toBeNull();
    for (let number = 0; number <= chain.head(); number++) {
      const found = chain.anchoredBy(number);
      const first = Array.from({ length: snail.head() + 1 }, (_, at) => at).find(
        (at) => (snail.byNumber(at)?.block.header.anchorNumber ?? 0) >= number,
      );
      expect(found?.snailNumber).toBe(first);
    }
  });
});

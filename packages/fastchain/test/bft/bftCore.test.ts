import { keccakHash } from "@festina/crypto";
import { createPrng } from "@festina/primitives";
import { describe, expect, it } from "@jest/globals";
import { leaderOf } from "../../src/index.ts";
import { TestNetwork } from "./network.ts";

const FOUR = [25, 25, 25, 25];

function aNetwork(options: Partial<ConstructorParameters<typeof TestNetwork>[0]> = {}): TestNetwork {
  const network = new TestNetwork({ seed: 1, seats: FOUR, ...options });
  network.start();
  return network;
}

describe("a healthy committee", () => {
  it("beats at the heartbeat when idle and finalises each block", () => {
    const network = aNetwork();
    network.run(10_000);
    for (const height of network.heights) expect([height >= 8, height <= 10]).toEqual([true, true]);
    expect(network.skippedViews.size).toBe(0);
  });

  it("stays silent with heartbeat 0 until there is work, then makes blocks back to back", () => {
    const network = aNetwork({ timing: { heartbeatMs: 0 } });
    network.run(20_000);
    expect(network.heights).toEqual([0, 0, 0, 0]);
    network.setWork(true);
    network.run(1_000);
    expect(Math.min(...network.heights)).toBeGreaterThan(8);
    network.setWork(false);
    network.run(5_000);
    const settled = network.heights;
    expect(new Set(settled).size).toBe(1);
    network.run(20_000);
    expect(network.heights).toEqual(settled);
  });

  it("is woken by work long before the heartbeat", () => {
    const network = aNetwork({ timing: { heartbeatMs: 60_000 } });
    network.run(100);
    network.setWork(true);
    network.run(200);
    expect(Math.min(...network.heights)).toBeGreaterThanOrEqual(1);
  });

  it("works with one member alone", () => {
    const network = aNetwork({ seats: [1], timing: { heartbeatMs: 0 } });
    network.setWork(true);
    network.run(100);
    expect(network.heights[0]).toBeGreaterThan(10);
  });
});

describe("leaders", () => {
  it("alternate strictly among equals and follow the seats otherwise", () => {
    const equal = aNetwork().committee;
    for (let view = 1; view <= 40; view++) {
      const turn = [0, 1, 2, 3].map((offset) => leaderOf(equal, view + offset));
      expect(new Set(turn).size).toBe(4);
    }
    const { committee } = aNetwork({ seats: [5, 1, 1] });
    const led = Array.from({ length: 70 }, (_, view) => leaderOf(committee, view + 1));
    expect([0, 1, 2].map((member) => led.filter((leader) => leader === member).length)).toEqual([50, 10, 10]);
  });
});

describe("faults", () => {
  it("a dead leader costs at most one view per turn", () => {
    const network = aNetwork();
    network.setWork(true);
    network.run(500);
    network.hosts[2]?.crash();
    network.run(6_000);
    const before = network.heights[0] as number;
    const skipped = network.skippedViews.size;
    network.run(6_000);
    const blocks = (network.heights[0] as number) - before;
    const lost = network.skippedViews.size - skipped;
    expect(blocks).toBeGreaterThan(20);
    // One view in four is the dead member's.
    expect(lost).toBeLessThanOrEqual(Math.ceil(blocks / 3) + 1);
  });

  it("no quorum, no block: two of four dead stop the chain, one back revives it", () => {
    const network = aNetwork();
    network.run(2_500);
    network.hosts[0]?.crash();
    network.hosts[1]?.crash();
    network.run(500);
    const stopped = network.heights;
    network.run(20_000);
    expect(network.heights.slice(2)).toEqual(stopped.slice(2));
    network.hosts[1]?.restart();
    network.run(40_000);
    expect(network.heights[2]).toBeGreaterThan((stopped[2] as number) + 5);
    expect(network.heights[1]).toBeGreaterThan(stopped[1] as number);
  });

  it("reports a leader that proposes twice and goes on without its block", () => {
    const network = aNetwork();
    network.setWork(true);
    const liar = network.hosts[1];
    if (liar === undefined) throw new Error("no host");
    liar.misbehave = (effect) => {
      if (effect.kind !== "broadcastPrePrepare") return [effect];
      const { message } = effect;
      const other = {
        hash: keccakHash(message.blockHash.length ? new Uint8Array([message.view]) : new Uint8Array(0)),
        parentHash: message.parentHash,
        height: message.height,
      };
      const signature = network.sign(1, { kind: "prePrepare", epoch: 1, view: message.view, blockHash: other.hash });
      return [
        effect,
        {
          kind: "broadcastPrePrepare",
          message: { ...message, blockHash: other.hash, envelope: network.encode(other), signature },
        },
      ];
    };
    network.run(4_000);
    expect(network.evidence.some((seen) => seen.kind === "statements" && seen.member === 1)).toBe(true);
    expect(Math.min(...network.heights)).toBeGreaterThan(10);
  });

  it("refuses a proposal that its host finds invalid, without losing the next view", () => {
    const network = aNetwork();
    network.setWork(true);
    const liar = network.hosts[3];
    if (liar === undefined) throw new Error("no host");
    liar.misbehave = (effect) =>
      effect.kind === "broadcastPrePrepare"
        ? [{ ...effect, message: { ...effect.message, envelope: new Uint8Array(1) } }]
        : [effect];
    network.run(3_000);
    expect(network.blamed).toContain("3 BLAME_PROPOSAL_COPY");
    expect(Math.min(...network.heights.slice(0, 3))).toBeGreaterThan(10);
  });

  it("blames who signs badly and still finalises", () => {
    const network = aNetwork();
    const liar = network.hosts[0];
    if (liar === undefined) throw new Error("no host");
    liar.misbehave = (effect) =>
      effect.kind === "broadcastVote"
        ? [{ ...effect, vote: { ...effect.vote, signature: new Uint8Array(32) } }]
        : [effect];
    network.run(15_000);
    expect(network.blamed).toContain("0 BLAME_VOTE_SIGNATURE");
    expect(Math.min(...network.heights)).toBeGreaterThan(5);
  });

  it("a forged vote in another's name does not shut out the true one", () => {
    const network = aNetwork();
    const liar = network.hosts[0];
    if (liar === undefined) throw new Error("no host");
    liar.misbehave = (effect) =>
      effect.kind === "broadcastVote"
        ? [effect, { ...effect, vote: { ...effect.vote, member: 1, signature: new Uint8Array(32) } }]
        : [effect];
    network.run(10_000);
    expect(Math.min(...network.heights)).toBeGreaterThanOrEqual(7);
  });
});

describe("boundary block", () => {
  it("ends the epoch at one height for everyone, also when its COMMITs are lost at first", () => {
    for (let seed = 1; seed <= 20; seed++) {
      const network = aNetwork({ seed, boundaryHeight: 4, loss: seed % 2 ? 0 : 0.3 });
      network.setWork(true);
      network.run(6_000);
      network.isLossy = false;
      network.run(30_000);
      expect(network.heights).toEqual([4, 4, 4, 4]);
      expect(network.hosts.every((host) => host.epochEnded)).toBe(true);
    }
  });
});

describe("any seed", () => {
  it("is safe under loss, duplication, reordering, partitions and crashes, and goes on when they stop", () => {
    for (let seed = 1; seed <= 20; seed++) {
      const random = createPrng(seed * 7919);
      const seats = [FOUR, [1, 1, 1, 1, 1, 1, 1], [3, 2, 2, 1, 1]][seed % 3] as number[];
      const network = aNetwork({ seed, seats, loss: 0.15, duplication: 0.1, delayMs: [2, 120] });
      const alive = () => network.hosts.filter((host) => !host.isDown);
      for (let round = 0; round < 8; round++) {
        network.setWork(random.below(2) === 0);
        const order = seats.map((_, index) => index).sort(() => random.below(3) - 1);
        const cut = 1 + random.below(seats.length - 1);
        network.partition = random.below(3) === 0 ? [order.slice(0, cut), order.slice(cut)] : null;
        if (random.below(3) === 0 && alive().length === seats.length) alive()[random.below(seats.length)]?.crash();
        else for (const host of network.hosts) if (host.isDown) host.restart();
        network.run(400 + random.below(1_500));
      }
      network.partition = null;
      network.isLossy = false;
      for (const host of network.hosts) if (host.isDown) host.restart();
      const before = Math.max(...network.heights);
      network.setWork(false);
      network.run(30_000);
      if (Math.min(...network.heights) <= before)
        throw new Error(`seed ${seed}: ${network.heights} not beyond ${before}`);
    }
  });
});

// Whole nodes in simulated time: calm, and each of them crashing.
import { describe, expect, it, jest } from "@jest/globals";
import { type ElectingChain, electingChain, judgeElections } from "../../src/check/judgeElections.ts";
import { NodeWatch } from "../../src/check/nodeWatch.ts";
import { type WholeNodeOptions, WholeNodeWorld } from "../../src/wholeNode/wholeNodeWorld.ts";

const MEMBERS = 4;
const MINER = MEMBERS;
const SECOND_MS = 1_000;
/** Of the machine, which may be busy with other things. */
const PATIENCE_MS = 240_000;

jest.setTimeout(PATIENCE_MS);

async function world(changes: Partial<WholeNodeOptions> = {}): Promise<WholeNodeWorld> {
  const created = await WholeNodeWorld.create({
    seed: 1,
    members: MEMBERS,
    miners: 1,
    preset: { snailTargetSeconds: 4 },
    hashesPerSecond: 32,
    ...changes,
  });
  created.bootAll();
  return created;
}

/** Nothing contradicts, nobody gave up, and all running nodes stand within two blocks of each other. */
function expectHarmony({ watch, processes }: WholeNodeWorld): void {
  expect(watch.violations).toEqual([]);
  expect(watch.failures).toEqual([]);
  processes.forEach(({ isUp }, index) => {
    if (isUp) expect(watch.headOf(index)).toBeGreaterThanOrEqual(watch.height - 2);
  });
}

function electionsJudged(calm: WholeNodeWorld, changes: (chain: ElectingChain) => Partial<ElectingChain>) {
  const backend = calm.backendOf(0);
  if (backend === undefined) throw new Error("node 0 is down");
  const watch = new NodeWatch({ faulty: new Set(), nowMs: () => 0, processOf: () => undefined });
  const chain = electingChain(backend);
  const judged = judgeElections({ ...chain, ...changes(chain) }, calm.spec, watch);
  return { judged, broken: watch.violations.map(({ invariant, what }) => `${invariant}: ${what}`) };
}

/** I9 is seen to hold on a real chain, and to break where one list, one fruit's weight, or one deposit is another. */
function expectElectionsJudged(calm: WholeNodeWorld): void {
  const epochs = calm.watch.handovers;
  expect(electionsJudged(calm, () => ({}))).toEqual({ judged: epochs, broken: [] });

  const swapped = electionsJudged(calm, ({ block }) => ({
    block: (number) => {
      const real = block(number);
      if (real?.requests.handover?.epoch !== 1) return real;
      const [first, ...others] = real.requests.handover.members;
      const members = first === undefined ? [] : [{ ...first, seats: first.seats + 1 }, ...others];
      return { ...real, requests: { ...real.requests, handover: { epoch: 1, members } } };
    },
  }));
  expect(swapped.broken).toEqual([expect.stringMatching(/^I9: block \d+ hands over to another committee of epoch 1 /)]);

  const unpacked = electionsJudged(calm, ({ snailBlock }) => ({
    snailBlock: (hash) => {
      const real = snailBlock(hash);
      return real === undefined ? undefined : { ...real, fruits: real.header.number === 1 ? [] : real.fruits.slice(1) };
    },
  }));
  expect(unpacked.broken.length).toBeGreaterThan(0);

  const poor = electionsJudged(calm, ({ registry }) => ({
    registry: (number) => (slot) => {
      const value = registry(number)(slot) ?? 0n;
      const { depositPerSeatWei, genesisValidators } = calm.spec;
      const isDeposit = genesisValidators.some(({ depositWei }) => depositWei === BigInt.asUintN(128, value));
      return isDeposit ? value - BigInt.asUintN(128, value) + 10n * depositPerSeatWei : value;
    },
  }));
  expect(poor.broken.length).toBeGreaterThan(0);

  const late = electionsJudged(calm, ({ block }) => ({
    block: (number) => {
      const real = block(number);
      return real === undefined ? undefined : { ...real, requests: { ...real.requests, handover: null } };
    },
  }));
  expect(late.broken[0]).toMatch(/^I9: block \d+ ends its epoch and hands over to nobody/);
}

describe("whole nodes, all well", () => {
  it("make a block per heartbeat, mine, elect and hand over for a minute", async () => {
    const calm = await world();
    await calm.run(60 * SECOND_MS);
    expectHarmony(calm);
    expect(calm.watch.height).toBeGreaterThanOrEqual(58);
    expect(calm.watch.count("snailHead")).toBeGreaterThan(4 * (MEMBERS + 1));
    expect(calm.watch.count("electionFrozen")).toBeGreaterThanOrEqual(MEMBERS + 1);
    expect(calm.watch.count("handover")).toBeGreaterThanOrEqual(MEMBERS + 1);
    expect(calm.watch.count("viewSkipped")).toBe(0);
    expect(calm.watch.count("signingStopped")).toBe(0);
    const status = calm.process(0).node?.backend.status();
    expect(status?.epoch).toBeGreaterThan(0);
    expect(status?.doing).toContain("voting");
    expectElectionsJudged(calm);
  });

  it("run the same from the same seed, and otherwise from another", async () => {
    const digestOf = async (seed: number): Promise<string> => {
      const one = await world({ seed });
      await one.run(6 * SECOND_MS);
      return `${one.digest.hex} ${one.digest.count} ${one.scheduler.count}`;
    };
    const first = await digestOf(7);
    expect(await digestOf(7)).toBe(first);
    expect(await digestOf(8)).not.toBe(first);
  });
});

describe("whole nodes that crash", () => {
  it("come back one after the other, sign again, and miss nothing", async () => {
    const crashing = await world({ seed: 3 });
    let nowMs = 4 * SECOND_MS;
    await crashing.run(nowMs);
    for (let index = 0; index <= MINER; index++) {
      crashing.crash(index);
      nowMs += SECOND_MS;
      await crashing.run(nowMs);
      const before = crashing.watch.height;
      crashing.boot(index);
      nowMs += 4 * SECOND_MS;
      await crashing.run(nowMs);
      expect(crashing.watch.height).toBeGreaterThan(before + 1);
    }
    expectHarmony(crashing);
    expect(crashing.watch.count("signingStopped")).toBe(0);
    for (let index = 0; index < MEMBERS; index++)
      expect(crashing.process(index).node?.backend.status().doing).toContain("voting");
  });

  it("come back all at once", async () => {
    const dark = await world({ seed: 4 });
    await dark.run(5 * SECOND_MS + 10);
    for (let index = 0; index <= MINER; index++) dark.crash(index);
    const before = dark.watch.height;
    dark.bootAll();
    await dark.run(14 * SECOND_MS);
    expectHarmony(dark);
    expect(dark.watch.height).toBeGreaterThan(before + 5);
  });
});

describe("whole nodes with bad disks", () => {
  it("follow in silence once nothing can be written, while the others go on", async () => {
    const full = await world({ seed: 5 });
    await full.run(5 * SECOND_MS);
    full.process(1).disk.isSyncBroken = true;
    await full.run(9 * SECOND_MS);
    expect(full.watch.violations).toEqual([]);
    expect(full.watch.height).toBeGreaterThan(6);
    full.process(1).disk.isSyncBroken = false;
    full.boot(1);
    await full.run(15 * SECOND_MS);
    expect(full.watch.violations).toEqual([]);
    expect(full.watch.headOf(1)).toBeGreaterThanOrEqual(full.watch.height - 2);
  });

  it("say nothing for the rest of the epoch when the signing record is gone", async () => {
    const wiped = await world({ seed: 6, preset: { snailTargetSeconds: 60 } });
    await wiped.run(5 * SECOND_MS);
    wiped.crash(2);
    wiped.process(2).disk.wipe();
    wiped.boot(2);
    await wiped.run(9 * SECOND_MS);
    expectHarmony(wiped);
    expect(wiped.watch.count("signingStopped")).toBe(1);
    expect(wiped.process(2).node?.backend.status().doing).toContain("there is no record of what this key has signed");
    expect(wiped.process(0).node?.backend.status().doing).toContain("voting");
  });
});

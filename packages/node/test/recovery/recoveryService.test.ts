// Recovery at one node: whoever sits and may sign follows from the best snail chain, through every reorganisation of it.
import { TEST_PRESET } from "@festina/chainspec";
import { keccakHash } from "@festina/crypto";
import type { HybridState, RecoveryCut, SeatedRecovery } from "@festina/fastchain";
import { type Address, asciiToBytes, fail, type Hash32, ok, type Result } from "@festina/primitives";
import type { SnailEntry } from "@festina/snailchain";
import { describe, expect, it } from "@jest/globals";
import fc from "fast-check";
import { RecoveryService, type RecoveryServiceOptions } from "../../src/recovery/recoveryService.ts";

const RECOVERY = { stallBlocks: 4, coolDownBlocks: 6, sinceSnailBlock: 0 };
const CYCLE = 10;
const CONFIRM = TEST_PRESET.confirmDepthBlocks;
/** The fast block that the stall's snail blocks anchor, and our head. */
const BASE = 5;
const LIVING = `0x${"01".repeat(20)}` as Address;
const DEAD = `0x${"02".repeat(20)}` as Address;

const named = (name: string): Hash32 => keccakHash(asciiToBytes(name));
const settle = (): Promise<void> => new Promise((resolve) => void setImmediate(resolve));

/** One snail block after the other, each with an anchor; `salt` tells branches apart. */
class World {
  readonly #entries = new Map<Hash32, SnailEntry>();
  #best: SnailEntry[] = [];
  recoveries: SeatedRecovery[] = [];
  head = BASE;
  isOverruled = false;
  missing: Address[] = [];
  /** What a draw waits for. */
  gate: Promise<void> | null = null;
  haveFruits = true;
  readonly draws: RecoveryCut[] = [];
  readonly lines: string[] = [];
  changes = 0;
  readonly service: RecoveryService;

  constructor() {
    const world = this;
    this.#best = [this.#entry(0, named("none"), 0, "")];
    const options = {
      spec: { preset: TEST_PRESET, recovery: RECOVERY },
      committed: {
        get head() {
          return world.state(world.head);
        },
        get recoveries() {
          return world.recoveries;
        },
        recordedState: (number: number) => world.state(number),
        recoveryEpoch: (_number: number, cycle: number) => (world.isOverruled ? undefined : cycle),
        seatRecovery: (recovery: SeatedRecovery | null) => {
          const settled = world.recoveries.filter(({ blockNumber }) => blockNumber < world.head);
          world.recoveries = recovery === null ? settled : [...settled, recovery];
        },
      },
      snail: {
        headEntry: () => world.#best.at(-1),
        entryByHash: (hash: Hash32) => world.#entries.get(hash),
        canonicalHash: (number: number) => world.#best[number]?.hash,
      },
      draw: (base: HybridState, cut: RecoveryCut) => world.#draw(base, cut),
      exclusively: (task: () => Promise<void>) => task(),
      missing: () => world.missing,
      onChanged: () => {
        world.changes += 1;
      },
      log: {
        debug: () => undefined,
        info: () => undefined,
        warn: (event: string) => void world.lines.push(event),
        error: (event: string) => void world.lines.push(event),
      },
      onFatal: (error: unknown) => {
        throw error;
      },
    };
    this.service = new RecoveryService(options as unknown as RecoveryServiceOptions);
  }

  state(number: number): HybridState {
    return { header: { number }, hash: named(`fast ${number}`), committee: { epoch: 0 } } as unknown as HybridState;
  }

  get tip(): number {
    return this.#best.length - 1;
  }

  get cuts(): readonly Hash32[] {
    return this.recoveries.map(({ cutHash }) => cutHash);
  }

  hashAt(number: number): Hash32 | undefined {
    return this.#best[number]?.hash;
  }

  /** The best chain becomes what it was below `from`, and these anchors on it. */
  async mine(anchors: readonly number[], from = this.tip + 1, salt = ""): Promise<void> {
    this.#best = this.#best.slice(0, from);
    for (const anchor of anchors)
      this.#best.push(this.#entry(this.#best.length, this.#best.at(-1)?.hash as Hash32, anchor, salt));
    this.service.refresh();
    await settle();
  }

  /** A run of `length` blocks above the first with our head as anchor, mined one by one. */
  async stall(length: number): Promise<void> {
    await this.mine([1, 2]);
    for (let mined = 0; mined <= length; mined++) await this.mine([BASE]);
  }

  #entry(number: number, parentHash: Hash32, anchorNumber: number, salt: string): SnailEntry {
    const hash = named(`${parentHash} ${anchorNumber} ${salt}`);
    const header = { number, parentHash, anchorNumber, anchorHash: named(`fast ${anchorNumber}`) };
    const entry = { hash, block: { header } } as unknown as SnailEntry;
    this.#entries.set(hash, entry);
    return entry;
  }

  async #draw(base: HybridState, cut: RecoveryCut): Promise<Result<SeatedRecovery>> {
    this.draws.push(cut);
    await this.gate;
    if (!this.haveFruits) return fail("ELECTION_BODIES_MISSING", "not here");
    const { number: blockNumber } = base.header;
    const { cycle, number: cutNumber, hash: cutHash } = cut;
    return ok({ blockNumber, blockHash: base.hash, epoch: cycle, members: [], cycle, cutNumber, cutHash });
  }
}

describe("recovery at a node", () => {
  it("silences the member at the stall, seats the next committee at the cut, and lets it sign once that is confirmed", async () => {
    const world = new World();
    await world.mine([1, 2]);
    const seen: string[] = [];
    for (let length = 0; length <= CYCLE + CONFIRM; length++) {
      await world.mine([BASE]);
      seen.push(`${world.service.maySign ? "signs" : "silent"} ${world.recoveries.length}`);
    }
    expect(seen).toEqual([
      ...new Array<string>(4).fill("signs 0"),
      ...new Array<string>(6).fill("silent 0"),
      ...new Array<string>(2).fill("silent 1"),
      "signs 1",
    ]);
    expect(world.recoveries).toMatchObject([{ blockNumber: BASE, cycle: 1, cutNumber: 3 + CYCLE }]);
    expect(world.draws).toHaveLength(1);
    expect(world.lines).toEqual(["recoveryCoolDown", "recoverySeated"]);
  });

  it("lets the committee go on that is anchored one block before the cut, and not one block later", async () => {
    const before = new World();
    await before.stall(CYCLE - 1);
    before.head = BASE + 1;
    await before.mine([BASE + 1]);
    expect(before.service.maySign).toBe(true);
    expect(before.recoveries).toEqual([]);

    const after = new World();
    await after.stall(CYCLE);
    // Its newest block is final here, but nobody can anchor it any more.
    after.recoveries = [];
    after.head = BASE + 1;
    await after.mine([BASE, BASE, BASE]);
    expect(after.service.maySign).toBe(false);
    expect(after.service.description).toContain("that this node holds");
    await after.mine([BASE]);
    expect(after.lines.filter((line) => line === "hazard")).toHaveLength(1);
    expect(after.recoveries).toEqual([]);
  });

  it("takes back what a reorganisation took back, and draws anew for another cut", async () => {
    const world = new World();
    await world.stall(CYCLE + 1);
    const [first] = world.cuts;
    await world.mine([BASE, BASE, BASE], world.tip - 1, "other");
    expect(world.cuts).toEqual([world.hashAt(3 + CYCLE)]);
    expect(world.cuts).not.toEqual([first]);
    // The other branch anchors what the committee had finished before.
    world.head = BASE;
    await world.mine([BASE, BASE], world.tip - 4, "shorter");
    expect(world.recoveries).toEqual([]);
    expect(world.lines).toContain("recoveryWithdrawn");
    expect(world.service.maySign).toBe(false);
    await world.mine([2, 2, 2], 3, "another anchor");
    expect(world.service.maySign).toBe(true);
  });

  it("seats for the chain as it is when the draw is done, not as it was when it began", async () => {
    const world = new World();
    await world.stall(CYCLE - 1);
    let open: () => void = () => undefined;
    world.gate = new Promise((resolve) => {
      open = resolve;
    });
    await world.mine([BASE, BASE, BASE]);
    expect(world.service.maySign).toBe(false);
    await world.mine([BASE, BASE, BASE, BASE], world.tip - 2, "other");
    open();
    await settle();
    await settle();
    expect(world.draws).toHaveLength(2);
    expect(world.cuts).toEqual([world.hashAt(3 + CYCLE)]);
    expect(world.service.maySign).toBe(true);
  });

  it("asks again where fruits of the window are missing, and signs nothing meanwhile", async () => {
    const world = new World();
    world.haveFruits = false;
    await world.stall(CYCLE + CONFIRM);
    expect(world.recoveries).toEqual([]);
    expect(world.service.maySign).toBe(false);
    world.haveFruits = true;
    await world.mine([BASE]);
    expect(world.recoveries).toHaveLength(1);
    expect(world.service.maySign).toBe(true);
  });

  it("has no say where people have seated a committee", async () => {
    const world = new World();
    world.isOverruled = true;
    await world.stall(3 * CYCLE);
    expect(world.service.maySign).toBe(true);
    expect(world.draws).toEqual([]);
    expect(world.service.description).toContain("has no say");
  });

  it("remembers for miners who was silent when the cool-down began, until an anchor comes", async () => {
    const world = new World();
    await world.mine([1, 2]);
    world.missing = [DEAD];
    await world.mine(new Array<number>(4).fill(BASE));
    expect(world.service.supported([LIVING, DEAD])).toEqual([LIVING, DEAD]);
    await world.mine([BASE]);
    // In the cool-down nobody votes, so everybody seems to be missing.
    world.missing = [LIVING, DEAD];
    await world.mine(new Array<number>(7).fill(BASE));
    expect(world.service.supported([LIVING, DEAD])).toEqual([LIVING]);
    expect(world.service.supported([DEAD])).toEqual([DEAD]);
    world.head = BASE + 1;
    await world.mine([BASE + 1]);
    expect(world.service.supported([LIVING, DEAD])).toEqual([LIVING, DEAD]);
  });

  it("property: after any reorganisations it stands where the chain as it is puts it", async () => {
    const step = fc.record({
      back: fc.integer({ min: 0, max: 14 }),
      length: fc.integer({ min: 1, max: 16 }),
      salt: fc.nat(3),
    });
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 1, maxLength: 8 }), async (steps) => {
        const world = new World();
        await world.mine([1, 2]);
        for (const { back, length, salt } of steps) {
          const from = Math.max(3, world.tip + 1 - back);
          await world.mine(new Array<number>(length).fill(BASE), from, `${salt}`);
        }
        const length = world.tip - 3;
        expect(world.recoveries.map(({ cycle }) => cycle)).toEqual(length < CYCLE ? [] : [Math.floor(length / CYCLE)]);
        const since = length % CYCLE;
        expect(world.service.maySign).toBe(since < RECOVERY.stallBlocks && (length < CYCLE || since >= CONFIRM));
        if (length >= CYCLE) expect(world.cuts).toEqual([world.hashAt(3 + Math.floor(length / CYCLE) * CYCLE)]);
      }),
      { numRuns: 60 },
    );
  });
});

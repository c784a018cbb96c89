// What recovery is decided by: one branch of the snail chain, and nothing else.
import { type ChainSpec, TEST_PRESET } from "@festina/chainspec";
import { keccakHash } from "@festina/crypto";
import { asciiToBytes, type Hash32 } from "@festina/primitives";
import { describe, expect, it } from "@jest/globals";
import fc from "fast-check";
import type { SnailEntry } from "../../src/index.ts";
import { type AnchorRun, advanceRun, judgeStall, recoveryWindow, type Stall, traceRun } from "../../src/index.ts";

const RECOVERY = { stallBlocks: 4, coolDownBlocks: 6, sinceSnailBlock: 0 };
const RULES: Pick<ChainSpec, "recovery" | "preset"> = { recovery: RECOVERY, preset: TEST_PRESET };
const CYCLE = RECOVERY.stallBlocks + RECOVERY.coolDownBlocks;

const named = (name: string): Hash32 => keccakHash(asciiToBytes(name));

/** Branches of anchors: block n carries the n-th; a branch is named by what it carries. */
class Branches {
  readonly #entries = new Map<Hash32, SnailEntry>();
  readonly genesis = this.#put(0, named("no parent"), 0, "");

  #put(number: number, parentHash: Hash32, anchorNumber: number, salt: string): Hash32 {
    const hash = named(`${parentHash} ${number} ${anchorNumber} ${salt}`);
    const header = { number, parentHash, anchorNumber, anchorHash: named(`fast ${anchorNumber}`) };
    this.#entries.set(hash, { hash, block: { header } } as unknown as SnailEntry);
    return hash;
  }

  byHash(hash: Hash32): SnailEntry | undefined {
    return this.#entries.get(hash);
  }

  grow(from: Hash32, anchors: readonly number[], salt = ""): Hash32 {
    return anchors.reduce((parent, anchor) => {
      const number = (this.byHash(parent)?.block.header.number ?? 0) + 1;
      return this.#put(number, parent, anchor, salt);
    }, from);
  }
}

const times = (count: number, anchor: number): number[] => new Array<number>(count).fill(anchor);
const aRun = (length: number, firstNumber = 7): AnchorRun => ({
  anchorNumber: 3,
  anchorHash: named("fast 3"),
  firstNumber,
  tipNumber: firstNumber + length,
  tipHash: named("tip"),
});
const stallAfter = (length: number, rules = RULES): Stall | null => judgeStall(aRun(length), rules);

describe("judgeStall", () => {
  it("goes from live through the cool-down to a cut, confirms it, and begins anew", () => {
    const phases = Array.from({ length: 2 * CYCLE }, (_, length) => {
      const stall = stallAfter(length);
      return `${stall?.phase} ${stall?.blocksLeft} ${stall?.cycle}`;
    });
    expect(phases).toEqual([
      ...["live 4 0", "live 3 0", "live 2 0", "live 1 0"],
      ...["coolDown 6 0", "coolDown 5 0", "coolDown 4 0", "coolDown 3 0", "coolDown 2 0", "coolDown 1 0"],
      ...["confirming 2 1", "confirming 1 1", "live 2 1", "live 1 1"],
      ...["coolDown 6 1", "coolDown 5 1", "coolDown 4 1", "coolDown 3 1", "coolDown 2 1", "coolDown 1 1"],
    ]);
    expect(stallAfter(CYCLE - 1)?.cutNumber).toBe(0);
    expect(stallAfter(CYCLE + 3)?.cutNumber).toBe(7 + CYCLE);
    expect(stallAfter(2 * CYCLE)?.cutNumber).toBe(7 + 2 * CYCLE);
  });

  it("has no say when it is off, before anything was anchored, or about stalls of the past", () => {
    expect(stallAfter(50, { preset: TEST_PRESET })).toBeNull();
    expect(judgeStall({ ...aRun(50), anchorNumber: 0 }, RULES)).toBeNull();
    const since = (sinceSnailBlock: number) => ({ ...RULES, recovery: { ...RECOVERY, sinceSnailBlock } });
    expect(stallAfter(50, since(8))).toBeNull();
    expect(stallAfter(50, since(7))?.cycle).toBe(5);
  });

  it("draws from the newest window that is buried when the cut is mined", () => {
    expect(recoveryWindow(17, TEST_PRESET)).toEqual({ first: 12, last: 15 });
    // Inside the cool-down: whoever mined in it knew that the committee was silent.
    expect(recoveryWindow(7 + CYCLE, TEST_PRESET).first).toBeGreaterThan(7 + RECOVERY.stallBlocks);
  });

  it("property: a block at a time it counts down by one, and cycle and cut only rise", () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 500 }), fc.integer({ min: 0, max: 99 }), (length, first) => {
        const now = judgeStall(aRun(length, first), RULES) as Stall;
        const next = judgeStall(aRun(length + 1, first), RULES) as Stall;
        expect(now.blocksLeft).toBeGreaterThan(0);
        if (now.blocksLeft > 1) expect(next).toEqual({ ...now, blocksLeft: now.blocksLeft - 1 });
        else expect(next.phase).not.toBe(now.phase);
        expect(next.cycle - now.cycle).toBe(now.phase === "coolDown" && now.blocksLeft === 1 ? 1 : 0);
        expect(next.cutNumber).toBe(next.cycle > now.cycle ? first + length + 1 : now.cutNumber);
      }),
    );
  });
});

describe("a run of one anchor", () => {
  it("property: block by block and read back from the tip it is the same, on every branch", () => {
    const steps = fc.array(fc.integer({ min: 0, max: 2 }), { minLength: 1, maxLength: 60 });
    fc.assert(
      fc.property(steps, steps, fc.nat(), (trunk, branch, forkAt) => {
        const branches = new Branches();
        const rising = (start: number, moves: readonly number[]): number[] => {
          let anchor = start;
          return moves.map((move) => (anchor += Math.max(0, move - 1)));
        };
        const anchors = rising(0, trunk);
        const fork = forkAt % (anchors.length + 1);
        const forked = [...anchors.slice(0, fork), ...rising(anchors[fork - 1] ?? 0, branch)];
        for (const [index, list] of [anchors, forked].entries()) {
          let run: AnchorRun | null = null;
          let tip = branches.genesis;
          for (const anchor of list) {
            tip = branches.grow(tip, [anchor], list === forked && index === 1 ? "fork" : "");
            const entry = branches.byHash(tip);
            if (entry !== undefined) run = advanceRun(run, entry.block.header, tip);
          }
          // Genesis carries anchor 0, and so do the first blocks: fold and reading back begin at different ends.
          const traced = traceRun(branches, tip);
          expect({ ...traced, firstNumber: 0 }).toEqual({ ...run, firstNumber: 0 });
          expect(traced.firstNumber).toBe(traced.anchorNumber === 0 ? 0 : run?.firstNumber);
        }
      }),
    );
  });

  it("a reorganisation across the trigger takes the cut back; one below it leaves it where it is", () => {
    const branches = new Branches();
    const stalled = branches.grow(branches.genesis, [1, 2, ...times(CYCLE - 1, 2)]);
    const cut = branches.grow(stalled, [2]);
    const judge = (tip: Hash32) => judgeStall(traceRun(branches, tip), RULES);
    expect(judge(stalled)).toMatchObject({ phase: "coolDown", blocksLeft: 1, cycle: 0 });
    expect(judge(cut)).toMatchObject({ phase: "confirming", cycle: 1, cutNumber: 2 + CYCLE });
    // The committee was back one block before: the other branch anchors what it had finished.
    expect(judge(branches.grow(stalled, [5]))).toMatchObject({ phase: "live", blocksLeft: 4, cycle: 0, cutNumber: 0 });
    // Another miner's block in the same place decides the same.
    expect(judge(branches.grow(stalled, [2, 2], "other"))).toMatchObject({ cycle: 1, cutNumber: 2 + CYCLE });
    // An anchor after the cut begins a run of its own.
    expect(judge(branches.grow(cut, [3]))).toMatchObject({ phase: "live", cycle: 0 });
  });

  it("refuses to go on with a block that is not its child", () => {
    const run = aRun(3);
    const header = { number: 11, parentHash: named("stranger"), anchorNumber: 3, anchorHash: run.anchorHash };
    expect(() => advanceRun(run, header, named("next"))).toThrow("child of its tip");
  });
});

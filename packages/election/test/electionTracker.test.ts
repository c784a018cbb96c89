import { TEST_PRESET } from "@festina/chainspec";
import { encodeRlp, type Hash32, readRlp } from "@festina/primitives";
import { describe, expect, it } from "@jest/globals";
import fc from "fast-check";
import {
  advanceElection,
  type ElectionTracker,
  electionTrackerItem,
  isBoundaryBlock,
  readElectionTracker,
  startElection,
  type TrackedBlock,
  windowOf,
} from "../src/index.ts";
import { seed } from "./drawInputs.ts";

// Window 4, confirmations 2: epoch 1 freezes at pointer 6. The look-ahead is a second.
const PRESET = { ...TEST_PRESET, seedDelayBlocks: 3 };

function block(number: number, pointerNumber: number, timeMs = number * 100): TrackedBlock {
  return { number, timeMs, pointerNumber, beacon: seed(number) };
}

function follow(tracker: ElectionTracker, blocks: readonly TrackedBlock[], preset = PRESET): ElectionTracker {
  return blocks.reduce((before, next) => advanceElection(before, next, preset), tracker);
}

describe("election windows", () => {
  it("follow each other without a gap, from the first snail block on", () => {
    expect(windowOf(1, PRESET)).toEqual({ first: 1, last: 4 });
    expect(windowOf(2, PRESET)).toEqual({ first: 5, last: 8 });
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 1_000_000 }), (epoch) => {
        expect(windowOf(epoch + 1, PRESET).first).toBe(windowOf(epoch, PRESET).last + 1);
      }),
    );
  });
});

describe("election tracker", () => {
  it("collects until the pointer passes the window's end by the confirmations", () => {
    const open = follow(startElection(1, 0), [block(1, 1), block(2, 4), block(3, 5)]);
    expect(open).toEqual({ phase: "collecting", epoch: 1, windowStartHeight: 0 });
    expect(advanceElection(open, block(4, 6), PRESET)).toEqual({
      phase: "frozen",
      epoch: 1,
      windowStartHeight: 0,
      frozenHeight: 4,
      frozenTimeMs: 400,
    });
  });

  it("takes the beacon of the block that comes the seed delay after the freeze, and of no later one", () => {
    const frozen = follow(startElection(1, 0), [block(4, 6), block(5, 6), block(6, 7)]);
    expect(frozen.phase).toBe("frozen");
    const seeded = advanceElection(frozen, block(7, 7), PRESET);
    expect(seeded).toMatchObject({ phase: "seeded", frozenHeight: 4, beacon: seed(7) });
    expect(advanceElection(seeded, block(8, 7), PRESET)).toEqual(seeded);
  });

  it("keeps the value it was given: branches do not disturb each other", () => {
    const frozen = follow(startElection(1, 0), [block(4, 6)]);
    const before = structuredClone(frozen);
    const left = follow(frozen, [block(5, 6), block(6, 6), block(7, 6)]);
    const right = follow(frozen, [block(5, 6), block(6, 6), { ...block(7, 6), beacon: seed(99) }]);
    expect(frozen).toEqual(before);
    expect(left).not.toEqual(right);
  });

  it("freezes and seeds in one block when there is no delay", () => {
    const preset = { ...PRESET, seedDelayBlocks: 0 };
    expect(advanceElection(startElection(1, 0), block(4, 6), preset)).toMatchObject({
      phase: "seeded",
      frozenHeight: 4,
      beacon: seed(4),
    });
  });
});

describe("boundary block", () => {
  const frozen = follow(startElection(1, 0), [block(4, 6, 10_000)]);

  it("is none while the window is open", () => {
    expect(isBoundaryBlock(startElection(1, 0), { number: 900, timeMs: 1e12 }, PRESET)).toBe(false);
  });

  it("is not before the seed block, however late it comes", () => {
    expect(isBoundaryBlock(frozen, { number: 6, timeMs: 99_000 }, PRESET)).toBe(false);
  });

  it("may be the seed block itself", () => {
    expect(isBoundaryBlock(frozen, { number: 7, timeMs: 11_000 }, PRESET)).toBe(true);
    expect(isBoundaryBlock(frozen, { number: 7, timeMs: 10_999 }, PRESET)).toBe(false);
  });

  it("is otherwise the first block late enough after the freeze", () => {
    const seeded = follow(frozen, [block(5, 6), block(6, 6), block(7, 6)]);
    expect(isBoundaryBlock(seeded, { number: 8, timeMs: 10_999 }, PRESET)).toBe(false);
    expect(isBoundaryBlock(seeded, { number: 9, timeMs: 11_000 }, PRESET)).toBe(true);
  });
});

describe("encoding of the tracker", () => {
  const decode = (bytes: Uint8Array) => readRlp(bytes, "tracker", readElectionTracker);
  const height = fc.integer({ min: 0, max: Number.MAX_SAFE_INTEGER });
  const base = { epoch: fc.integer({ min: 1, max: 2 ** 32 }), windowStartHeight: height };
  const frozen = { ...base, frozenHeight: height, frozenTimeMs: height };
  const anyTracker: fc.Arbitrary<ElectionTracker> = fc.oneof(
    fc.record({ phase: fc.constant("collecting" as const), ...base }),
    fc.record({ phase: fc.constant("frozen" as const), ...frozen }),
    fc.record({ phase: fc.constant("seeded" as const), ...frozen, beacon: fc.nat().map((n): Hash32 => seed(n)) }),
  );

  it("comes back as it went", () => {
    fc.assert(
      fc.property(anyTracker, (tracker) => {
        expect(decode(encodeRlp(electionTrackerItem(tracker)))).toEqual({ ok: true, value: tracker });
      }),
    );
  });

  it("is the only one: whatever decodes encodes to the same bytes", () => {
    fc.assert(
      fc.property(anyTracker, fc.nat(), fc.integer({ min: 0, max: 255 }), (tracker, position, value) => {
        const bytes = encodeRlp(electionTrackerItem(tracker));
        bytes[position % bytes.length] = value;
        const decoded = decode(bytes);
        if (decoded.ok) expect(encodeRlp(electionTrackerItem(decoded.value))).toEqual(bytes);
      }),
      { numRuns: 500 },
    );
  });

  it.each([
    ["an unknown phase", [3, 1, 0, 0, 0]],
    ["an election of epoch 0", [0, 0, 0, 0, 0]],
    ["an open window that is frozen", [0, 1, 0, 5, 0]],
    ["a seed that is missing", [2, 1, 0, 5, 6]],
  ] as const)("%s is refused", (_what, numbers) => {
    const fields = numbers.map((value) => (value === 0 ? new Uint8Array(0) : Uint8Array.of(value)));
    expect(decode(encodeRlp([...fields, new Uint8Array(0)]))).toMatchObject({ ok: false });
  });

  it("garbage is refused", () => {
    fc.assert(fc.property(fc.uint8Array({ maxLength: 60 }), (bytes) => !decode(bytes).ok));
  });
});

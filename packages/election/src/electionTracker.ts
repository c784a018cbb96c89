import type { Preset } from "@festina/chainspec";
import {
  type Hash32,
  hexToBytes,
  type RlpItem,
  type RlpReader,
  rlpInteger,
  toHash32,
  unreachable,
} from "@festina/primitives";
import { windowOf } from "./electionWindow.ts";

/**
 * How far the election of the next committee has come, block by block along one branch of the fast chain. An immutable
 * value: every branch of uncommitted blocks has its own.
 */
export type ElectionTracker =
  /** The pointer has not reached the window's end and the confirmations above it. */
  | { readonly phase: "collecting"; readonly epoch: number; readonly windowStartHeight: number }
  /** The window is closed; the seed is still to come. */
  | {
      readonly phase: "frozen";
      readonly epoch: number;
      readonly windowStartHeight: number;
      readonly frozenHeight: number;
      readonly frozenTimeMs: number;
    }
  /** The seed's beacon is known; the first block late enough hands over. */
  | {
      readonly phase: "seeded";
      readonly epoch: number;
      readonly windowStartHeight: number;
      readonly frozenHeight: number;
      readonly frozenTimeMs: number;
      readonly beacon: Hash32;
    };

/** A fast block as the election sees it. */
export interface TrackedBlock {
  readonly number: number;
  readonly timeMs: number;
  /** Number of the snail block it points to. */
  readonly pointerNumber: number;
  readonly beacon: Hash32;
}

/** Begins the election of `epoch`'s committee; its window opened for candidates at `windowStartHeight`. */
export function startElection(epoch: number, windowStartHeight: number): ElectionTracker {
  return { phase: "collecting", epoch, windowStartHeight };
}

/** The tracker after `block`. A block that freezes the window may be its own seed block when the delay is zero. */
export function advanceElection(tracker: ElectionTracker, block: TrackedBlock, preset: Preset): ElectionTracker {
  switch (tracker.phase) {
    case "collecting": {
      const frozenAt = windowOf(tracker.epoch, preset).last + preset.confirmDepthBlocks;
      if (block.pointerNumber < frozenAt) return tracker;
      const { epoch, windowStartHeight } = tracker;
      const frozen = {
        phase: "frozen",
        epoch,
        windowStartHeight,
        frozenHeight: block.number,
        frozenTimeMs: block.timeMs,
      } as const;
      return advanceElection(frozen, block, preset);
    }
    case "frozen":
      if (block.number < tracker.frozenHeight + preset.seedDelayBlocks) return tracker;
      return { ...tracker, phase: "seeded", beacon: block.beacon };
    case "seeded":
      return tracker;
    default:
      return unreachable(tracker);
  }
}

/**
 * Whether a block of this number and time is the last of its epoch: the first at or after the seed block that comes late
 * enough after the freeze. `parent` is the tracker after the block's parent.
 */
export function isBoundaryBlock(
  parent: ElectionTracker,
  block: Pick<TrackedBlock, "number" | "timeMs">,
  preset: Preset,
): boolean {
  if (parent.phase === "collecting") return false;
  const isSeeded = parent.phase === "seeded" || block.number >= parent.frozenHeight + preset.seedDelayBlocks;
  return isSeeded && block.timeMs >= parent.frozenTimeMs + preset.handoverLookaheadMs;
}

const PHASES = ["collecting", "frozen", "seeded"] as const;

export function electionTrackerItem(tracker: ElectionTracker): RlpItem {
  const isFrozen = tracker.phase !== "collecting";
  return [
    rlpInteger(PHASES.indexOf(tracker.phase)),
    rlpInteger(tracker.epoch),
    rlpInteger(tracker.windowStartHeight),
    rlpInteger(isFrozen ? tracker.frozenHeight : 0),
    rlpInteger(isFrozen ? tracker.frozenTimeMs : 0),
    tracker.phase === "seeded" ? hexToBytes(tracker.beacon) : new Uint8Array(0),
  ];
}

export function readElectionTracker(reader: RlpReader): ElectionTracker {
  const phase = PHASES[reader.number("phase")];
  const epoch = reader.number("epoch");
  const windowStartHeight = reader.number("windowStartHeight");
  const frozenHeight = reader.number("frozenHeight");
  const frozenTimeMs = reader.number("frozenTimeMs");
  const beacon = reader.bytes("beacon", { max: 32 });
  reader.expect(epoch > 0, "epoch 0 is not elected");
  reader.expect(beacon.length === (phase === "seeded" ? 32 : 0), "the beacon does not fit the phase");
  switch (phase) {
    case "collecting":
      reader.expect(frozenHeight === 0 && frozenTimeMs === 0, "an open window is not frozen");
      return { phase, epoch, windowStartHeight };
    case "frozen":
      return { phase, epoch, windowStartHeight, frozenHeight, frozenTimeMs };
    case "seeded":
      return { phase, epoch, windowStartHeight, frozenHeight, frozenTimeMs, beacon: toHash32(beacon) };
    default:
      return reader.refuse("unknown phase");
  }
}

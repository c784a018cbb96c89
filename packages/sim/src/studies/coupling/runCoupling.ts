// What an outage and a flood of work do to the fast chain: when it falls back to empty blocks, and how it comes back.
import { createGenesisEntry } from "@festina/snailchain";
import { hashSnailHeader } from "@festina/types";
import { formatTable } from "../output/table.ts";
import type { StudyOptions, StudyReport } from "../study.ts";
import { FAST_BLOCK_MS } from "../world/fastHeaderSource.ts";
import { SnailWorld } from "../world/snailWorld.ts";
import { createStudySpec, GENESIS_SECONDS, NETWORK_HASHES_PER_SECOND } from "../world/studySpec.ts";
import { COUPLING_CASES, type CouplingCase } from "./couplingCases.ts";
import { FastChainWatch } from "./fastChainWatch.ts";

const MINERS = 4;
const LATENCY_MS: readonly [number, number] = [0, 10_000];
const HOUR_MS = 3_600_000;
/** Before anything happens. */
const CALM_MS = 6 * HOUR_MS;
/** The pointer may be so far behind the miners at the end: a block may just have come. */
const LAG_AT_END_MAX = 3;

interface CaseFigures {
  readonly name: string;
  readonly snailBlocks: number;
  readonly emptyBlocks: number;
  readonly fastBlocks: number;
  /** From the event's begin to the first block that had to be empty. */
  readonly degradedAfterMs: number | null;
  /** From the event's end to the last one; negative where that came before. */
  readonly recoveredAfterMs: number | null;
  readonly lagMax: number;
  readonly lagAtEnd: number;
  readonly handovers: number;
  readonly difficultyAtEnd: number;
  readonly findings: readonly string[];
}

/** `events` are fewer in tests. */
export function runCoupling(
  { seed, size, onProgress }: StudyOptions,
  events: readonly CouplingCase[] = COUPLING_CASES,
): StudyReport {
  const cases = events.map((each) => {
    onProgress(each.name);
    return play(each, seed, size);
  });
  const findings = cases.flatMap((each) => each.findings.map((what) => `${each.name}: ${what}`));
  const hours = (ms: number | null): string => (ms === null ? "-" : (ms / HOUR_MS).toFixed(2));
  return {
    findings,
    lines: [
      `a fast block each second; transactions only within ${createStudySpec().preset.maxUnanchoredMs / HOUR_MS} h of the newest anchor`,
      "",
      ...formatTable(
        [
          "case",
          "snail blocks",
          "empty fast blocks, h",
          "first, h from begin",
          "last, h from end",
          "pointer behind at most",
          "at the end",
          "handovers",
          "difficulty at the end",
        ],
        cases.map((each) => [
          each.name,
          String(each.snailBlocks),
          hours(each.emptyBlocks * FAST_BLOCK_MS),
          hours(each.degradedAfterMs),
          hours(each.recoveredAfterMs),
          String(each.lagMax),
          String(each.lagAtEnd),
          String(each.handovers),
          each.difficultyAtEnd.toFixed(2),
        ]),
      ),
    ],
    figures: { cases },
    charts: [],
  };
}

/** Calm, the event, and `afterBlocks` targets in which everything must come back. */
function play(event: CouplingCase, seed: number, afterBlocks: number): CaseFigures {
  const spec = createStudySpec();
  const watch = new FastChainWatch(spec, createGenesisEntry(spec).hash);
  const world = new SnailWorld({
    seed,
    spec,
    latencyMs: LATENCY_MS,
    miners: Array.from({ length: MINERS }, () => ({ hashesPerSecond: NETWORK_HASHES_PER_SECOND / MINERS })),
    pointerMax: () => watch.pointerMax(),
    onBlock: ({ header }) => {
      const anchorTimeMs = world.fast.committed(header.anchorNumber).timeMs;
      watch.onPointer({ number: header.number, hash: hashSnailHeader(header), anchorTimeMs });
    },
  });
  let lagMax = 0;
  const lag = (): number =>
    Math.max(...world.nodes.map(({ chain }) => chain.head().number)) - world.fast.pointer.number;
  const timeMsNow = (): number => GENESIS_SECONDS * 1_000 + world.scheduler.nowMs;
  // Whether a block must be empty depends on its parent, so it is asked before the pointer may move.
  const second = (wasUnanchored: boolean): void => {
    lagMax = Math.max(lagMax, lag());
    watch.onBlock(world.fast.numberAt(world.scheduler.nowMs), timeMsNow(), wasUnanchored);
    const isNext = watch.isUnanchored(timeMsNow() + FAST_BLOCK_MS);
    world.scheduler.after(FAST_BLOCK_MS, () => second(isNext));
  };
  world.scheduler.after(FAST_BLOCK_MS, () => second(false));
  const endMs = CALM_MS + event.hours * HOUR_MS;
  world.run(Number.MAX_SAFE_INTEGER, CALM_MS);
  world.swing(event.power);
  world.run(Number.MAX_SAFE_INTEGER, endMs);
  world.swing(1);
  world.run(Number.MAX_SAFE_INTEGER, endMs + afterBlocks * spec.preset.snailTargetSeconds * 1_000);
  const isDegraded = watch.isUnanchored(timeMsNow());
  const lagAtEnd = lag();
  const { difficulty } = world.nodes[0]?.chain.miningContext() ?? { difficulty: 0n };
  const { maxUnanchoredMs } = spec.preset;
  const findings = [...world.findings];
  const since = (ms: number | null, fromMs: number): number | null =>
    ms === null ? null : ms - GENESIS_SECONDS * 1_000 - fromMs;
  const degradedAfterMs = since(watch.firstEmptyMs, CALM_MS);
  if (isDegraded) findings.push("the fast chain is still without transactions at the end");
  if (watch.unanchoredMsMax > maxUnanchoredMs) findings.push("a block had transactions too far from its anchor");
  if (degradedAfterMs !== null && degradedAfterMs < 0) findings.push("blocks were empty before anything happened");
  // Afterwards they may be: a flood that ends leaves its difficulty behind.
  if (event.power >= 1 && degradedAfterMs !== null && degradedAfterMs < event.hours * HOUR_MS)
    findings.push("blocks were empty although there was work");
  if (event.power === 0 && event.hours * HOUR_MS > maxUnanchoredMs && watch.emptyBlocks === 0)
    findings.push("transactions went on without any work");
  if (lagAtEnd > LAG_AT_END_MAX) findings.push(`the pointer is ${lagAtEnd} blocks behind at the end`);
  return {
    ...{ name: event.name, snailBlocks: world.fast.pointer.number, findings, lagMax, lagAtEnd, degradedAfterMs },
    emptyBlocks: watch.emptyBlocks,
    fastBlocks: watch.blocks,
    recoveredAfterMs: since(watch.lastEmptyMs, endMs),
    handovers: watch.handovers,
    difficultyAtEnd: Number(difficulty) / Number(spec.genesisDifficulty),
  };
}
